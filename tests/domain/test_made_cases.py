"""What the made-up cases contain often enough to be worth counting twice."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from hypothesis import given
from tests.domain.generated import asked_cases
from tests.domain.made_rules import rules
from tests.domain.profile import bounded
from tests.domain.reference.timeline import timeline

Plain = dict[str, Any]

EXAMPLES = 100
LEAST = {
    "equal instants": 20,
    "equal instants and an actor who holds": 5,
    "a due on a day off": 6,
    "absent": 1,
    "inferred": 1,
    "a worked with since": 3,
    "joined ids": 6,
    "a newer calendar": 7,
    "acted-while-absent": 1,
    "evidence signed on a date": 1,
    "names that are the same to the eye": 5,
}


def seen_in(made: Plain, log: Sequence[Plain], question: Plain) -> set[str]:
    """Which of those a case contains."""
    answer = timeline(log, made, **question)
    events = [entry["event"] for entry in log]
    stated = [event["data"] for event in events]
    found = {name for name in ("absent", "inferred") if any(hold[name] for hold in answer["holds"])}
    found |= {anomaly["kind"] for anomaly in answer["anomalies"]}
    times = Counter(event["time"] for event in events)
    together = [event["data"] for event in events if times[event["time"]] > 1]
    actors = {(data.get("actor") or {}).get("id") for data in together} - {None}
    holders = {(data.get("holder") or {}).get("id") for data in together}
    names = {(data.get("holder") or {}).get("name") or "" for data in stated}
    looked_for = {
        "equal instants": bool(together),
        "equal instants and an actor who holds": bool(actors & holders),
        "a due on a day off": answer["due_at"] not in {None, answer["judged_due_at"], answer["due_recomputed_at"]},
        "a worked with since": any("since" in data for data in stated),
        "joined ids": bool(made["officers"]) and bool(holders & {"A2", "A3"}),
        "a newer calendar": answer["calendar_version"] in {"vn/2", "vn/3"},
        "evidence signed on a date": any(
            len((data.get("evidence") or {}).get("signed_at", "")) == 10 for data in stated
        ),
        "names that are the same to the eye": len([name for name in names if "Dung" in name]) > 1,
    }
    return found | {name for name, is_so in looked_for.items() if is_so}


def test_made_cases_contain_often_what_the_rules_find_hard() -> None:
    seen: Counter[str] = Counter()

    @bounded(EXAMPLES)
    @given(rules(), asked_cases(length=14))
    def count(made: Plain, case: tuple[list[Plain], Plain]) -> None:
        seen.update(seen_in(made, *case))

    count()
    assert {name: seen[name] for name, least in LEAST.items() if seen[name] < least} == {}
