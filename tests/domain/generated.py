"""Cases made up by Hypothesis: all kinds of events, in and out of order, with everything that goes wrong in the field."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st
from tests.domain.rules_for_tests import RULES

Plain = dict[str, Any]
Draw = st.DrawFn

LOCAL = timezone(timedelta(hours=7))
# The days before the national holiday, and those before the end of summer time.
BEGINNINGS = (
    datetime(2022, 8, 29, 7, 30, tzinfo=LOCAL),
    datetime(2022, 8, 31, 15, 0, tzinfo=LOCAL),
    datetime(2022, 10, 28, 9, 0, tzinfo=LOCAL),
)
MINUTES = (0, 0, 0, 1, 5, 34, 60, 240, 480, 720, 1_440, 2_880, 5_760, 14_400)
ALLOTMENTS = (None, 0, 5, 60, 240, 480)
NAMES: Sequence[Plain | None] = (
    {"id": "A", "name": "Nguyễn Thị Ánh", "position": "Chuyên viên", "unit": {"id": "U-1", "name": "Một cửa"}},
    {"id": "A", "name": "Nguyễn Thị Ánh", "position": "Trưởng phòng", "unit": {"id": "U-2", "name": "Phòng"}},
    {"id": "B", "name": "Trần Văn Bình", "unit": {"id": "U-2"}},
    {"id": "C", "name": "Lê Cường", "unit": {"id": "U-SEASON"}},
    {"id": "B", "name": " Cán Bộ "},
    {"id": "A2", "name": "Ánh", "unit": {"id": "U-1"}},
    {"id": "A2", "name": "Ánh", "unit": {"id": "U-2"}},
    {"id": "B", "name": "Trần Văn Bình", "unit": {"id": "U-1"}},
    {"id": "A3", "name": "Ánh"},
    {"name": "Phạm Dung", "unit": {"id": "U-2"}},
    # The same to the eye, and the same here: an invisible character, decomposed, other and more white space.
    {"name": "Phạm\u200b Dung", "unit": {"id": "U-2", "name": "Phòng"}},
    {"name": "Pha\u0323m \u00a0Dung ", "unit": {"id": "U-2"}},
    {"name": "Phạm Dung", "unit": {"name": "Văn phòng"}},
    {"name": "Phạm Dung", "unit": {"name": "Văn\tphòng\u2060"}},
    {"name": "Phạm Dung", "unit": {"id": "U-1"}},
    {"name": "Chuyên viên", "unit": {"id": "U-2", "name": "Phòng"}},
    {"unit": {"id": "U-1", "name": "Một cửa"}},
    {"unit": {"id": "U-2", "name": "Phòng"}},
    {"unit": {"name": "Văn phòng"}},
    {"unit": {"name": " Văn  pho\u0300ng"}},
    {"name": "CHUYÊN\u200d  VIÊN", "unit": {"id": "U-1"}},
    {"position": "Chuyên viên"},
    None,
)
UNITS: Sequence[Plain] = (
    {"id": "U-1", "name": "Một cửa"},
    {"id": "U-9", "name": "Sở Tư pháp"},
    {"name": "Văn phòng"},
    {"name": "Văn\u00a0phòng"},
)
RESPONSIBLE: Sequence[Plain | None] = (
    None,
    {"id": "U-1"},
    {"id": "U-BELOW"},
    {"id": "U-NL", "name": "Gemeente"},
    {"id": "U-NEW", "parent": "U-NL"},
)
KINDS = [
    *["assigned", "forwarded", "claimed", "sent-back", "recalled", "received", "submitted", "reopened"],
    *["supplement-requested", "supplement-received", "payment-requested", "payment-received", "suspended", "resumed"],
    *["consultation-requested", "consultation-answered", "deadline-extended", "deadline-restated"],
    *["completed", "declined", "withdrawn", "result-delivered", "corrected", "joined", "worked", "worked"],
]
# What mostly happens, so that many cases get far.
USUAL = [
    "forwarded",
    "claimed",
    "supplement-requested",
    "supplement-received",
    "completed",
    "assigned",
    "resumed",
    "worked",
]
# What logs mostly say that tell who did something, not who got it.
WORKED_ON = [
    "worked",
    "worked",
    "worked",
    "supplement-requested",
    "supplement-received",
    "consultation-requested",
    "assigned",
]
HANDOVERS = {"assigned", "forwarded", "claimed", "sent-back", "recalled"}
PAUSE_ENDS = ("supplement-received", "payment-received", "resumed", "reopened")
# Who acts is often who holds at the same instant, or is away.
ACTORS: Sequence[Plain | None] = (
    None,
    None,
    None,
    None,
    None,
    *({"id": identity} for identity in ("A", "A2", "B", "C", "Z")),
)
MARKS = ("status-unmapped", "history", "sender-repair", "matched-by-directory")
# Days off, evenings, the last minute of a day and the first: where a due may be carried.
DUES = (
    "2022-09-03T10:00",
    "2022-09-01T09:00",
    "2022-09-04T17:00",
    "2022-09-02T23:59:30",
    "2022-09-03T00:00",
    "2022-09-05T17:00",
)
DUES_LATER = ("2022-10-29T08:00", "2022-10-30T20:00", "2022-10-31T17:00", "2022-10-28T20:00")
APOLOGY = {"document_number": "12/PXL"}
SOURCE = {"source": "/t/a"}


def text_of(t: datetime) -> str:
    """The instant as RFC 3339."""
    return t.isoformat()


@st.composite
def steps(draw: Draw) -> Plain | None:
    """A step of an event: none, without id, or one of a few with an allotment."""
    identity = draw(st.sampled_from(["s1", "s2", "s1", "s3", None, ""]))
    if identity is None:
        return None
    step: Plain = {"id": identity, "name": f"Bước {identity}"} if identity else {"name": "Bước"}
    allotted = draw(st.sampled_from(ALLOTMENTS))
    return step if allotted is None else step | {"allotted_minutes": allotted}


@st.composite
def dues(draw: Draw, around: datetime) -> str:
    """A due near an instant, mostly after it, mostly a whole minute; or on a day off."""
    if draw(st.integers(0, 2)) == 0:
        of_day = DUES if around < BEGINNINGS[2] - timedelta(days=30) else DUES_LATER
        return f"{draw(st.sampled_from(of_day))}+07:00"
    minutes = draw(st.sampled_from([-1_440, 0, 30, 480, 510, 1_440, 2_880, 4_320, 10_080]))
    seconds = draw(st.sampled_from([0, 0, 0, 30]))
    return text_of(around + timedelta(minutes=minutes, seconds=seconds))


@st.composite
def data_of(draw: Draw, kind: str, at: datetime, ids: Sequence[str]) -> Plain:
    """The `data` of an event of a kind."""
    due = at + timedelta(hours=24)
    reason = st.sampled_from([None, "thiếu giấy tờ"])
    members: dict[str, dict[str, st.SearchStrategy[Any]]] = {
        "submitted": SUBJECT,
        "received": SUBJECT | HOLDING | {"due_at": dues(due) | dues(due) | st.none()},
        "consultation-requested": {"unit": st.sampled_from(UNITS), "step": steps()},
        "consultation-answered": {"actor": st.sampled_from([None, *({"id": "Z", "unit": unit} for unit in UNITS)])},
        "deadline-extended": {"due_at": dues(due), "reason": reason, "apology": st.none() | st.just(APOLOGY)},
        "deadline-restated": {"due_at": dues(due), "reason": reason},
        "completed": {"evidence": evidence(at)},
        "worked": HOLDING | {"since": sinces(at)},
        "joined": {"alias": st.just("H34-2")},
        "corrected": {"annuls": st.sampled_from([*ids, "nowhere"]).map(lambda identity: SOURCE | {"id": identity})},
    }
    members |= dict.fromkeys(HANDOVERS, HOLDING)
    members |= {kind: HOLDING | {"due_at": st.none() | st.none() | dues(at)} for kind in PAUSE_ENDS}
    members |= {kind: members["resumed"] | {"reason": reason} for kind in ("resumed", "reopened")}
    if kind not in {"worked", "joined", "consultation-answered"}:
        members[kind] = members.get(kind, {}) | {"actor": st.sampled_from(ACTORS)}
    drawn = {name: draw(values) for name, values in members.get(kind, {}).items()}
    drawn["marks"] = draw(st.sampled_from([None, None, None, None, [MARKS[0]], [MARKS[2], MARKS[1]], [*MARKS]]))
    return {name: value for name, value in drawn.items() if value is not None}


def sinces(at: datetime) -> st.SearchStrategy[str | None]:
    """From when somebody worked until `at`: mostly unsaid, else shortly or long before, or no time at all."""
    minutes = st.sampled_from([0, 5, 34, 240, 600, 1_440, 5_760])
    return st.none() | minutes.map(lambda before: text_of(at - timedelta(minutes=before, seconds=before % 2 * 20)))


@st.composite
def procedures(draw: Draw) -> Plain | None:
    """The procedure of a reception, perhaps with what it states itself."""
    identity = draw(st.sampled_from([None, *(rule["id"] for rule in RULES["procedures"]), "1.002.000.00.00.H34"]))
    if identity is None:
        return None
    procedure: Plain = {"id": identity}
    norm = draw(st.sampled_from([None, None, 60, 960]))
    days = draw(st.sampled_from([None, None, None, "working", "calendar"]))
    return procedure | ({"norm_minutes": norm} if norm else {}) | ({"days": days} if days else {})


HOLDING: dict[str, st.SearchStrategy[Any]] = {"holder": st.sampled_from(NAMES), "step": steps()}
SUBJECT: dict[str, st.SearchStrategy[Any]] = {
    "procedure": procedures(),
    "unit": st.sampled_from(RESPONSIBLE),
    "channel": st.sampled_from([None, "counter", "online"]),
}


@st.composite
def evidence(draw: Draw, at: datetime) -> Plain | None:
    """The proof of a finish, whole or in part."""
    number = draw(st.sampled_from([None, "77/QĐ"]))
    signed = draw(st.sampled_from([None, 0, -60, 600, -10_000, -1_440]))
    signed_at = None if signed is None else text_of(at + timedelta(minutes=signed))
    if signed_at and draw(st.booleans()):
        signed_at = signed_at[: len("2022-08-29")]
    proof = {"document_number": number, "signed_at": signed_at}
    return {name: value for name, value in proof.items() if value is not None} or None


@st.composite
def events(draw: Draw, kind: str, number: int, at: datetime, count: int) -> Plain:
    """One CloudEvent of a kind."""
    source = draw(st.sampled_from(["/t/a", "/t/a", "/t/a", "/t/b"]))
    event: Plain = {
        "specversion": "1.0",
        "id": f"e{number}" if draw(st.integers(0, 9)) else "shared",
        "source": source,
        "type": f"vn.tiendo.case.{kind}.v1",
        "subject": "H34-1",
        "time": text_of(at),
        "data": draw(data_of(kind, at, [f"e{other}" for other in range(count)])),
    }
    recorded = draw(st.sampled_from([None, None, None, 0, 0, 3, 480, 1_440, 5_000, -30]))
    if recorded is not None:
        event["recordedat"] = text_of(at + timedelta(minutes=recorded))
    sequence = draw(st.sampled_from([None, None, None, "2", "10"]))
    if sequence is not None:
        event["sequence"] = sequence
    return event


@st.composite
def cases(draw: Draw, *, length: int = 9) -> list[Plain]:
    """The log entries of one case, delivered in any order."""
    at = draw(st.sampled_from(BEGINNINGS))
    usual = st.sampled_from(WORKED_ON if draw(st.integers(0, 3)) == 0 else USUAL)
    least = draw(st.sampled_from([0, length // 2]))
    kinds = draw(st.lists(usual | usual | st.sampled_from(KINDS), min_size=least, max_size=length))
    first = draw(st.sampled_from([["received"], ["received"], ["received"], ["submitted", "received"], []]))
    # Some cases are told in a few instants: by the minute, by a day's end.
    pace = draw(st.sampled_from([MINUTES, MINUTES, (0, 0, 0, 0, 60), (0, 0, 480, 960), (60, 720, 1_440, 2_880)]))
    last = draw(st.sampled_from([[], ["completed"], ["completed"]]))
    entries: dict[tuple[str, str], Plain] = {}
    for number, kind in enumerate([*first, *kinds, *last]):
        event = draw(events(kind, number, at, len(kinds) + 3))
        entries.setdefault((event["source"], event["id"]), event)
        at += timedelta(minutes=draw(st.sampled_from(pace)), seconds=draw(st.sampled_from([0, 0, 0, 0, 20, 40])))
        if draw(st.integers(0, 14)) == 0:
            at -= timedelta(minutes=draw(st.sampled_from([0, 30, 700])))
    delivered = draw(st.permutations(list(entries.values())))
    log = []
    ingested_at = datetime(2023, 1, 1, tzinfo=UTC)
    if draw(st.integers(0, 5)) == 0:
        ingested_at = at.astimezone(UTC)
    for position, event in enumerate(delivered, start=1):
        log.append({"position": position, "ingested_at": ingested_at, "event": event})
        ingested_at += timedelta(hours=1)
    return log


@st.composite
def questions(draw: Draw, log: Sequence[Plain]) -> Plain:
    """When and how a case is asked about."""
    times = sorted(datetime.fromisoformat(entry["event"]["time"]) for entry in log)
    last = times[-1] if times else BEGINNINGS[0]
    far = last + timedelta(days=draw(st.sampled_from([9, 40])))
    middle = draw(st.sampled_from(times)) if times else last
    as_of = draw(st.sampled_from([far, far, far, far, middle, middle + timedelta(minutes=61, seconds=10)]))
    known = draw(st.sampled_from([entry["ingested_at"] for entry in log])) if draw(st.integers(0, 4)) == 4 else None
    return {
        "as_of": as_of,
        "known_at": known,
        "basis": draw(st.sampled_from(["occurred", "occurred", "recorded"])),
        "policy": draw(st.sampled_from([None, None, "step-norm/1", "after-due/1"])),
    }


@st.composite
def asked_cases(draw: Draw, *, length: int = 9) -> tuple[list[Plain], Plain]:
    """A case with a question."""
    log = draw(cases(length=length).filter(bool))
    return log, draw(questions(log))
