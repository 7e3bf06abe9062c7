"""Explanations and decisions about cases written by hand, for the tests of section E.

What they say is taken by the door as it is, so that no test decides on what nobody could send.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.domain.cases import (
    ANH,
    BINH,
    SOURCE,
    Plain,
    completed,
    forwarded,
    given,
    label,
    moment,
    received,
    step,
    written,
)
from tests.domain.product import asked
from tests.domain.rules_for_tests import RULES

from tiendo_contracts.events.case_events import accept_text
from tiendo_domain.timeline_types import Attribution, Basis, CaseTimeline, LateEntryShare

HEAD = {"id": "TP", "name": "Phạm Văn Đức", "position": "Trưởng phòng", "unit": {"id": "VP"}}
PAPER = {"document_number": "12/QĐ-VP", "signed_at": "2022-09-01"}
PROOF = {"document_number": "77/KQ", "signed_at": "2022-08-15"}

FROM_ANH = {"kind": "officer", "id": "A"}
FROM_BINH = {"kind": "officer", "id": "B"}
TO_ORGANISATION = {"kind": "organisation"}
TO_OFFICE = {"kind": "unit", "id": "VP"}

LATE: Sequence[Plain] = (
    received("08-15 08:00", ANH, due_at="08-15 10:00", step=step("S1", 60)),
    forwarded("08-15 09:30", BINH, step=step("S2", 60)),
    completed("08-15 11:10", recorded="08-15 13:40"),
)
"""70 minutes late: 30 are Ánh's, 40 Bình's; the finish was recorded 30 working minutes after it."""


def move(minutes: int | None = None, to: Plain = TO_ORGANISATION, source: Plain = FROM_ANH, **more: Any) -> Plain:
    """An effect that moves minutes."""
    return {"kind": "move", "from": source, "to": to} | ({} if minutes is None else {"minutes": minutes}) | more


def filed(when: str, event_id: str, **more: Any) -> Plain:
    """An explanation."""
    said = {"officer": {"id": "A"}, "reason": "overload", "text": "Trong tuần có 40 hồ sơ."}
    return _entry("filed", when, event_id, said | more)


def withdrawn_explanation(when: str, event_id: str, of: str) -> Plain:
    """A withdrawal of an explanation."""
    return _entry("withdrawn", when, event_id, {"explanation": {"source": SOURCE, "id": of}})


def decided(when: str, event_id: str, *effects: Plain, of: str | None = None, by: Plain = HEAD) -> Plain:
    """A decision: accepted where it has effects, else refused."""
    outcome = {"outcome": "accepted", "effects": list(effects)} if effects else {"outcome": "refused"}
    on = {} if of is None else {"explanation": {"source": SOURCE, "id": of}}
    return _entry(
        "decided", when, event_id, {**on, **outcome, "decided_by": by, "document": PAPER, "text": "Xét giải trình."}
    )


def _entry(kind: str, when: str, event_id: str, data: Plain) -> Plain:
    return {"explains": kind, "when": when, "id": event_id, "data": data}


@dataclass(frozen=True)
class Shown:
    """What the case shows, in a form that is easy to compare."""

    timeline: CaseTimeline

    @property
    def shares(self) -> dict[str, int]:
        """Who bears how many minutes after decisions."""
        return _by_party(self.timeline.attributions)

    @property
    def by_rule(self) -> dict[str, int]:
        """Who bears how many minutes by rule."""
        return _by_party(self.timeline.attributions_by_rule)

    @property
    def late_entries(self) -> dict[str, int]:
        """Who bears how many minutes of the late entry."""
        return _by_party(self.timeline.late_entries)

    @property
    def marks(self) -> dict[str, list[str]]:
        """The marks of each decision, by its id."""
        return {one.id: [mark.value for mark in one.marks] for one in self.timeline.decisions}

    @property
    def states(self) -> dict[str, str]:
        """What became of each explanation, by its id."""
        return {one.id: one.state.value for one in self.timeline.explanations}

    @property
    def anomalies(self) -> list[str]:
        """The kinds of the anomalies."""
        return [one.kind.value for one in self.timeline.anomalies]


def _by_party(rows: Sequence[Attribution | LateEntryShare]) -> dict[str, int]:
    return {
        label({"id": one.party.id, "name": one.party.name, "kind": one.party.kind.value}): one.minutes for one in rows
    }


def entries_of(*events: Plain) -> list[Plain]:
    """The log of a case with these events of its course, explanations and decisions."""
    log = []
    for number, stated in enumerate(events, start=1):
        if "explains" not in stated:
            [entry] = given(stated).log
            log.append(entry | {"position": number, "event": entry["event"] | {"id": stated["id"] or f"e{number}"}})
            continue
        event = {
            "specversion": "1.0",
            "id": stated["id"],
            "source": SOURCE,
            "type": f"vn.tiendo.explanation.{stated['explains']}.v1",
            "subject": "000.00.20.H34-220815-0001",
            "time": written(stated["when"]),
            "data": stated["data"],
        }
        accept_text(json.dumps(event))
        log.append({"position": number, "ingested_at": moment(stated["when"]), "event": event})
    return log


def shown(*events: Plain, basis: Basis = Basis.OCCURRED, rules: Plain | None = None, **question: Any) -> Shown:
    """The case at the end of 2022, of everything that was sent until `known_at`, explained up to `explained_by`."""
    instants = {name: moment(text) for name, text in question.items() if text is not None}
    return shown_log(entries_of(*events), basis=basis, rules=rules, **instants)


def shown_log(
    log: Sequence[Plain], *, basis: Basis = Basis.OCCURRED, rules: Plain | None = None, **instants: datetime
) -> Shown:
    """The same of a log."""
    return Shown(asked(log, rules or RULES, **({"as_of": moment("12-31 17:00")} | instants), basis=basis.value))
