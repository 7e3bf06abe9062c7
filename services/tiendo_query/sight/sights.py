"""What bound callers see, worked out once for a caller and a state of the tree: which places lie below their units, and the names around them."""

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_domain.rules import RuleBook, UnitLines
from tiendo_domain.visibility import Viewer
from tiendo_event_store.driver import lent_driver
from tiendo_read_models.builds import Build
from tiendo_read_models.queries.known_places import PlaceCounts, count_places, read_places
from tiendo_read_models.row_security import (
    INSIDE_SETTING,
    OFFICER_SETTING,
    PLACES_ELSEWHERE_SETTING,
    PLACES_SETTING,
    UNITS_SETTING,
)
from tiendo_read_models.unit_places import UnitPlace
from tiendo_runtime.authentication import Sight
from tiendo_runtime.authentication.authors import viewer_of

_REMEMBERED_MAX: Final = 128
_Places = tuple[Build | None, PlaceCounts, Sequence[UnitPlace]]
_NO_PLACES: Final[_Places] = (None, PlaceCounts(), ())

_AS_TEXTS: Final = "SELECT CAST($1::bigint[] AS text), CAST($2::text[] AS text), CAST($3::text[] AS text), coalesce(CAST($4::bigint[] AS text), '')"
_NAME_SIGHT: Final = f"""
SELECT set_config('{PLACES_SETTING}', $1, TRUE), set_config('{UNITS_SETTING}', $2, TRUE), set_config('{INSIDE_SETTING}', $3, TRUE),
       set_config('{PLACES_ELSEWHERE_SETTING}', $4, TRUE), set_config('{OFFICER_SETTING}', $5, TRUE)
"""
# A plan that is kept may have been made while the tables were small: it is not to read them whole.
_NAME_SIGHT_OF_ONE_CASE: Final = f"""{_NAME_SIGHT},
       set_config('plan_cache_mode', 'force_generic_plan', TRUE), set_config('enable_seqscan', 'off', TRUE)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenUnits:
    """The units that a bound caller sees: those `inside` the subtrees, and in `names` with the ones above, each with the one above it."""

    inside: frozenset[str]
    names: Mapping[str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class SightTexts:
    """A sight as the database reads it from the settings of a transaction: arrays as their texts, written by the database itself and once."""

    places: str
    units: str
    inside: str
    elsewhere: str
    officer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSight:
    """A caller's sight by what is known: as the domain judges one case by it, and as the database judges rows."""

    viewer: Viewer
    units: SeenUnits
    texts: SightTexts

    async def name_in(self, driver: asyncpg.Connection, *, of_one_case: bool) -> None:
        """Tell the database whose the transaction is; it forgets it with its end.

        What is asked `of_one_case` is planned once a connection: to plan what the policies ask costs more than to answer it for one case.
        """
        texts = self.texts
        statement = _NAME_SIGHT_OF_ONE_CASE if of_one_case else _NAME_SIGHT
        await driver.fetchrow(statement, texts.places, texts.units, texts.inside, texts.elsewhere, texts.officer)


class KnownSights:
    """Works out sights, and remembers some; places are read with the rights of a process that sees everything."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._places = _NO_PLACES
        self._found: OrderedDict[tuple[object, ...], tuple[RuleBook, KnownSight]] = OrderedDict()

    async def of(self, sight: Sight, build: Build, rules: RuleBook, now: datetime) -> KnownSight:
        """The sight by the tree as the rules configure it today, and by what the cases of the build say of units that these do not know."""
        places = await self._places_of(build)
        on = now.astimezone(rules.default_calendar.zone).date()
        key = (sight, build.build_id, len(places), id(rules), on)
        remembered = self._found.get(key)
        if remembered is not None and remembered[0] is rules:
            self._found.move_to_end(key)
            return remembered[1]
        async with lent_driver(self._engine) as driver:
            found = await known_sight(driver, sight, places, UnitLines(rules=rules, on=on))
        self._found[key] = (rules, found)
        while len(self._found) > _REMEMBERED_MAX:
            self._found.popitem(last=False)
        return found

    async def _places_of(self, build: Build) -> Sequence[UnitPlace]:
        """The places of the build: read when there are more than were read last."""
        _, before, known = self._places if self._places[0] == build else _NO_PLACES
        async with lent_driver(self._engine) as driver:
            counts = await count_places(driver, build, before)
            places = known if counts.counts == before.counts else await read_places(driver, build)
        self._places = (build, counts, places)
        return places


async def known_sight(
    driver: asyncpg.Connection, sight: Sight, places: Sequence[UnitPlace], lines: UnitLines
) -> KnownSight:
    """The sight over these places; one of no units and no officer sees nothing. All other places are named where they are fewer."""
    viewer = viewer_of(sight, lines)
    below = [place for place in places if viewer.is_below(place.unit_id, place.parents)]
    seen = frozenset(place.place_id for place in below)
    elsewhere = sorted(place.place_id for place in places if place.place_id not in seen)
    units = _seen_units(viewer, below)
    [(named, names, inside, others)] = await driver.fetch(
        _AS_TEXTS,
        sorted(seen),
        sorted(units.names),
        sorted(units.inside),
        elsewhere if len(elsewhere) < len(seen) else None,
    )
    texts = SightTexts(places=named, units=names, inside=inside, elsewhere=others, officer=viewer.officer_key or "")
    return KnownSight(viewer=viewer, units=units, texts=texts)


def _seen_units(viewer: Viewer, below: Sequence[UnitPlace]) -> SeenUnits:
    """The units on the way from anything below up to the caller's units are inside; those on the way up from there are seen by name alone."""
    inside: set[str] = set()
    names: dict[str, str | None] = {}
    for line in _lines(viewer, below):
        at = next(index for index, unit_id in enumerate(line) if unit_id in viewer.units)
        inside.update(line[: at + 1])
        for unit_id, above in zip(line, [*line[1:], None], strict=True):
            # Of a unit that the rules do not know cases may say different things: the first by code point is shown.
            present = names.get(unit_id)
            names[unit_id] = above if present is None or (above is not None and above < present) else present
    return SeenUnits(inside=frozenset(inside), names=names)


def _lines(viewer: Viewer, below: Sequence[UnitPlace]) -> Iterator[list[str]]:
    lines = viewer.lines
    yield from (list(lines.line(place.unit_id, place.parents)) for place in below)
    for unit_id in lines.parents():
        if viewer.is_below(unit_id, {}):
            yield list(lines.line(unit_id, {}))
