"""The same questions as `pm4py_minutes` answered by tiendo's calendar and timelines: `… FOLDER` prints a JSON object."""

import json
import sys
import time
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from tests.simulation.answers import rule_book
from tests.simulation.conftest import VIETNAM

from tiendo_contracts.events.decoding import case_event
from tiendo_domain.case_event import CaseEvent
from tiendo_domain.rules import RuleBook
from tiendo_domain.timeline import case_timeline
from tiendo_domain.timeline_types import PartyKind

AS_OF = datetime.fromisoformat("2022-08-26T00:00:00+07:00")


def working_time(lines: Iterable[str]) -> dict[str, float]:
    """How many pairs a second, and the minutes of all."""
    pairs = [[datetime.fromisoformat(instant) for instant in json.loads(line)] for line in lines]
    calendar = RuleBook().default_calendar
    begun = time.process_time()
    minutes = sum(calendar.working_minutes(start, end) for start, end in pairs)
    return {"working time": len(pairs) / (time.process_time() - begun), "pairs' minutes": minutes}


def officers_minutes(lines: list[str], rules: RuleBook) -> dict[str, float]:
    """How many events a second, and the held and the attributed minutes of all officers, by the whole timeline of every case."""
    begun = time.process_time()
    held, late = Counter[str](), Counter[str]()
    for _, of_case in groupby(sorted(_once(lines), key=attrgetter("case_id")), key=attrgetter("case_id")):
        timeline = case_timeline(list(of_case), rules, as_of=AS_OF)
        held.update({
            hold.party.id: hold.working_minutes for hold in timeline.holds if hold.party.kind is PartyKind.OFFICER and hold.party.id
        })  # fmt: skip
        late.update({
            share.party.id: share.minutes for share in timeline.attributions if share.party.kind is PartyKind.OFFICER and share.party.id
        })  # fmt: skip
    took = time.process_time() - begun
    return {"officers": len(lines) / took, "held minutes": held.total(), "late minutes": late.total()}


def _once(lines: Iterable[str]) -> Iterable[CaseEvent]:
    events = (case_event(line, position=place, ingested_at=datetime.now(UTC)) for place, line in enumerate(lines, 1))
    return {(event.source, event.id): event for event in events}.values()


def main(folder: str) -> dict[str, float]:
    """Both."""
    texts = {
        name: (Path(folder) / name).read_text(encoding="utf-8")
        for name in ("pairs.ndjson", "events.ndjson", "rules.toml")
    }
    rules = rule_book(texts["rules.toml"], [VIETNAM])
    pairs, events = (texts[name].split("\n")[:-1] for name in ("pairs.ndjson", "events.ndjson"))
    return {**working_time(pairs), **officers_minutes(events, rules)}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(*sys.argv[1:])))
