"""Cases written by hand: given events, when asked, then answer.

    answer = given(received("08-15 08:00", ANH, due_at="08-16 17:00"), completed("08-17 08:00")).asked("08-31 17:00")
    assert answer.shares == {"A": 60}

Instants are `month-day hour:minute[:second]` of 2022 in the time of Vietnam; 15 August 2022 is a Monday. Every answer is checked against the reference.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from typing import Any

from tests.domain.product import answer as product_answer
from tests.domain.reference.timeline import timeline as reference_answer
from tests.domain.rules_for_tests import RULES

Plain = dict[str, Any]

LOCAL = timezone(timedelta(hours=7))
SOURCE = "/kontum/igate"
LONG_AGO = datetime(2023, 1, 1, tzinfo=UTC)

COUNTER = {"id": "MC", "name": "Bộ phận tiếp nhận"}
OFFICE = {"id": "VP", "name": "Văn phòng đăng ký"}
ANH = {"id": "A", "name": "Nguyễn Thị Ánh", "position": "Chuyên viên", "unit": COUNTER}
BINH = {"id": "B", "name": "Trần Văn Bình", "position": "Phó phòng", "unit": OFFICE}
CHI = {"id": "C", "name": "Lê Thị Chi", "unit": OFFICE}
QUEUE = {"unit": OFFICE}
OTHER_QUEUE = {"unit": COUNTER}


def moment(text: str) -> datetime:
    """The instant `08-15 08:00` of 2022 in the time of Vietnam."""
    return datetime.fromisoformat(f"2022-{text}").replace(tzinfo=LOCAL)


def written(text: str) -> str:
    """The instant as an event states it."""
    return moment(text).isoformat()


def signed(text: str) -> str:
    """When a document was signed: an instant, or `08-15` for a date without a time of day."""
    return f"2022-{text}" if len(text) == len("08-15") else written(text)


def shown(instant: datetime | None) -> str | None:
    """The instant in the short form of the cases."""
    if instant is None:
        return None
    local = instant.astimezone(LOCAL)
    return f"{local:%m-%d %H:%M:%S}".removesuffix(":00") if local.second == 0 else f"{local:%m-%d %H:%M:%S}"


def step(identity: str, allotted: int | None = None) -> Plain:
    """A step with its allotment in working minutes."""
    return {"id": identity, "name": f"Bước {identity}"} | ({} if allotted is None else {"allotted_minutes": allotted})


def event(kind: str, when: str, holder: Plain | None = None, **members: Any) -> Plain:
    """An event of a kind; members of the envelope are `id`, `source`, `recorded`, `sequence`, `ingested`, all others are data."""
    envelope = {name: members.pop(name, None) for name in ("id", "source", "recorded", "sequence", "ingested")}
    data = {"holder": holder, **members}
    for instant in ("due_at", "since"):
        if data.get(instant):
            data[instant] = written(data[instant])
    for document in ("evidence", "apology"):
        if data.get(document):
            data[document] = {
                name: signed(value) if name == "signed_at" else value for name, value in data[document].items()
            }
    return {"kind": kind, "when": when, "data": {n: v for n, v in data.items() if v is not None}, **envelope}


submitted = partial(event, "submitted")
received = partial(event, "received")
assigned = partial(event, "assigned")
claimed = partial(event, "claimed")
forwarded = partial(event, "forwarded")
sent_back = partial(event, "sent-back")
recalled = partial(event, "recalled")
worked = partial(event, "worked")
supplement_requested = partial(event, "supplement-requested")
supplement_received = partial(event, "supplement-received")
payment_requested = partial(event, "payment-requested")
payment_received = partial(event, "payment-received")
suspended = partial(event, "suspended")
resumed = partial(event, "resumed")
reopened = partial(event, "reopened")
extended = partial(event, "deadline-extended")
restated = partial(event, "deadline-restated")
completed = partial(event, "completed")
delivered = partial(event, "result-delivered")
declined = partial(event, "declined")
withdrawn = partial(event, "withdrawn")


def consultation_requested(when: str, unit: Plain, **members: Any) -> Plain:
    """Another unit is asked."""
    return event("consultation-requested", when, unit=unit, **members)


def consultation_answered(when: str, unit: Plain | None = None, **members: Any) -> Plain:
    """The asked unit has answered."""
    return event("consultation-answered", when, actor=None if unit is None else {"unit": unit}, **members)


def corrected(when: str, annulled: str, *, annulled_source: str = SOURCE, **members: Any) -> Plain:
    """An annulment of the event with the id `annulled`."""
    return event("corrected", when, annuls={"source": annulled_source, "id": annulled}, **members)


def ruled(**members: Any) -> Plain:
    """The rules that the tests share, with other members."""
    return RULES | members


def absence(officer: str, start: str, end: str, known: str | None = None) -> Plain:
    """An absence of whole days (`08-15`, `08-16`) or of hours (`08-15 09:00`, …), known since ever or since an instant."""
    since = None if known is None else moment(known)
    return {"officer": officer, "from": signed(start), "to": signed(end), "kind": "leave", "known_since": since}


def procedure(identity: str, norm: int | None = None, **more: Any) -> Plain:
    """The procedure that a reception names."""
    return {"id": identity} | ({} if norm is None else {"norm_minutes": norm}) | more


@dataclass(frozen=True)
class Answer:
    """The timeline, in a form that is easy to compare."""

    plain: Plain

    @property
    def holds(self) -> list[tuple[str, int]]:
        """Who held, and for how many working minutes."""
        return [(label(hold["party"]), hold["working_minutes"]) for hold in self.plain["holds"]]

    @property
    def shares(self) -> dict[str, int]:
        """Whose share of the lateness is how many minutes; most first."""
        return {label(share["party"]): share["minutes"] for share in self.plain["attributions"]}

    @property
    def anomalies(self) -> list[str]:
        """The kinds of the anomalies in order, without that of a case that nobody gave a due."""
        return [anomaly["kind"] for anomaly in self.plain["anomalies"] if anomaly["kind"] != "missing-due"]

    @property
    def anomaly_ids(self) -> dict[str, list[str]]:
        """Which events each anomaly names."""
        return {anomaly["kind"]: anomaly["event_ids"] for anomaly in self.plain["anomalies"]}

    @property
    def dues(self) -> tuple[str | None, str | None, str | None]:
        """The three dues of rule D1: stated, recomputed, judged."""
        names = ("due_at", "due_recomputed_at", "judged_due_at")
        return tuple(shown(self.plain[name]) for name in names)  # type: ignore[return-value]

    @property
    def judged(self) -> str | None:
        """The judged due."""
        return self.dues[2]

    @property
    def late(self) -> int | None:
        """The lateness in minutes."""
        lateness: int | None = self.plain["lateness_minutes"]
        return lateness

    def column(self, name: str) -> list[Any]:
        """One value of every hold."""
        return [hold[name] for hold in self.plain["holds"]]

    def __getitem__(self, name: str) -> Any:
        return self.plain[name]


def label(party: Mapping[str, Any]) -> str:
    """The id of an officer or unit, the name of one without id, else the kind of the party."""
    return str(party["id"] or party["name"] or party["kind"])


@dataclass(frozen=True)
class Given:
    """The events of a case."""

    log: list[Plain]

    def asked(self, when: str = "12-31 17:00", *, rules: Plain = RULES, **question: Any) -> Answer:
        """The product's answer at an instant, the same as the reference's."""
        if question.get("known_at"):
            question["known_at"] = moment(question["known_at"])
        answered = product_answer(self.log, rules, as_of=moment(when), **question)
        counted = reference_answer(self.log, rules, as_of=moment(when), **question)
        assert answered == counted
        return Answer(answered)


def given(*events: Plain) -> Given:
    """A case of the events, with the ids e1, e2, … where none are given."""
    return Given([_entry(number, stated) for number, stated in enumerate(events, start=1)])


def _entry(number: int, stated: Plain) -> Plain:
    cloud_event = {
        "specversion": "1.0",
        "id": stated["id"] or f"e{number}",
        "source": stated["source"] or SOURCE,
        "type": f"vn.tiendo.case.{stated['kind']}.v1",
        "subject": "000.00.20.H34-220815-0001",
        "time": written(stated["when"]),
        "data": stated["data"],
    }
    if stated["recorded"]:
        cloud_event["recordedat"] = written(stated["recorded"])
    if stated["sequence"]:
        cloud_event["sequence"] = stated["sequence"]
    ingested_at = moment(stated["ingested"]) if stated["ingested"] else LONG_AGO
    return {"position": number, "ingested_at": ingested_at, "event": cloud_event}
