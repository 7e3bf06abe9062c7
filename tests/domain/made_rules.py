"""Rules made up by Hypothesis: joined ids, absences, steps of a procedure, and calendars that change while a case runs."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st
from tests.domain.rules_for_tests import RULES, SHORTER, STATED, STEPS, SWAPPED, VIETNAM, versions

Plain = dict[str, Any]
Draw = st.DrawFn

LOCAL = timezone(timedelta(hours=7))
JOINED: tuple[list[Plain], ...] = (
    [],
    [{"id": "A2", "same_as": "A"}, {"id": "A", "same_as": None}],
    [{"id": "A2", "same_as": "A3"}, {"id": "A3", "same_as": "A"}, {"id": "B", "same_as": "BB"}],
    [{"id": "A", "same_as": "C"}, {"id": "A2", "same_as": "A"}],
)
# Around the days in which made cases lie; and when their facts are taken in.
DAYS = tuple(date(2022, 8, 29) + timedelta(days=days) for days in (0, 0, 1, 2, 2, 3, 5, 7, 8, 60, 60, 63, 64))
KNOWN_SINCE = (
    datetime(2022, 8, 30, 9, 0, tzinfo=LOCAL),
    datetime(2022, 8, 31, 15, 30, tzinfo=LOCAL),
    datetime(2022, 10, 29, 12, 0, tzinfo=LOCAL),
    datetime(2023, 1, 1, 2, 0, tzinfo=UTC),
    datetime(2023, 1, 1, 5, 0, tzinfo=UTC),
)


@st.composite
def absences(draw: Draw) -> Plain:
    """An absence of whole days or of hours, short or long, recorded for any of a person's ids, mostly known since ever."""
    day = draw(st.sampled_from(DAYS))
    last = day + timedelta(days=draw(st.sampled_from([0, 0, 2, 10, 70, 70])))
    absence: Plain = {"officer": draw(st.sampled_from(["A", "A", "A2", "A3", "B", "B", "C"])), "kind": "leave"}
    if draw(st.booleans()):
        absence |= {"from": day.isoformat(), "to": last.isoformat()}
    else:
        start = datetime(day.year, day.month, day.day, tzinfo=LOCAL) + timedelta(minutes=draw(st.sampled_from(OF_DAY)))
        minutes = draw(st.sampled_from([34, 240, 600, 1_440, 4_000, 9_000]))
        end = start + timedelta(minutes=minutes, seconds=draw(st.sampled_from([0, 0, 30])))
        absence |= {"from": start.isoformat(), "to": end.isoformat()}
    return absence | {"known_since": draw(st.sampled_from([None, None, None, *KNOWN_SINCE[-2:]]))}


OF_DAY = (0, 420, 450, 490, 600, 690, 900, 1_020, 1_200)


@st.composite
def calendars(draw: Draw) -> Plain | list[Plain]:
    """The default calendar: as it is, or changed once or twice."""
    changes = draw(st.lists(st.sampled_from([SWAPPED, SHORTER, STATED]), max_size=2, unique_by=id))
    if not changes:
        return VIETNAM
    since = sorted(draw(st.lists(st.sampled_from(KNOWN_SINCE), min_size=2, max_size=2, unique=True)))
    return versions(*zip(changes, since, strict=False))


@st.composite
def rules(draw: Draw) -> Plain:
    """The rules that the tests share, with people, absences, steps and a changing calendar."""
    away = st.lists(absences(), min_size=2, max_size=6) if draw(st.integers(0, 2)) else st.just([])
    return RULES | {
        "calendars": RULES["calendars"] | {"vn": draw(calendars())},
        "officers": draw(st.sampled_from(JOINED)),
        "absences": draw(away),
        "steps": draw(st.sampled_from([[], STEPS])),
    }
