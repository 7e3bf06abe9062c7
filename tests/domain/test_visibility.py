"""What is explained and decided of a case that is seen in part: what is about the viewer's own people, and nothing of others."""

from datetime import date

import pytest
from tests.domain.cases import ANH, COUNTER
from tests.domain.decided_cases import FROM_BINH, LATE, decided, filed, move, shown

from tiendo_domain.facts import Person
from tiendo_domain.rules import RuleBook, UnitLines
from tiendo_domain.timeline.parties import named_holder
from tiendo_domain.visibility import Viewer

LINES = UnitLines(rules=RuleBook(), on=date(2022, 12, 31))
MANAGER = Viewer(lines=LINES, units=frozenset({COUNTER["id"]}))
OFFICER = Viewer(lines=LINES, units=frozenset(), officer_key=named_holder(Person(id=ANH["id"]), RuleBook()).key)


@pytest.mark.parametrize("viewer", [MANAGER, OFFICER])
def test_a_case_seen_in_part_shows_explanations_and_decisions_about_the_viewers_own_people_alone(
    viewer: Viewer,
) -> None:
    told = [
        filed("08-20 08:00", "own"),
        filed("08-20 09:00", "other", officer={"id": "B"}),
        filed("08-20 10:00", "of-their-unit", officer=None, unit={"id": "VP"}),
        filed("08-20 11:00", "misused"),
        decided("09-01 08:00", "on-own", move(5), of="own"),
        decided("09-01 09:00", "on-other", move(7, source=FROM_BINH), of="other"),
        decided("09-01 10:00", "on-own-from-other", move(2, source=FROM_BINH), of="misused"),
        decided("09-01 11:00", "from-own", move(4)),
        decided("09-01 12:00", "from-other", move(3, source=FROM_BINH)),
        decided("09-01 13:00", "from-both", move(1), move(1, source=FROM_BINH)),
    ]
    timeline = shown(*LATE, *told).timeline

    seen = viewer.in_part(timeline, {})

    assert {one.id for one in seen.explanations} == {"own", "misused"}
    assert {one.id for one in seen.decisions} == {"on-own", "from-own"}
    assert [share.minutes for share in seen.attributions] == [share.minutes for share in timeline.attributions]
    others = [share for share in seen.attributions if share.party.id != ANH["id"]]
    assert all((share.party.id, share.party.name, share.event_ids) == (None, None, ()) for share in others)
