"""Delays case by case and party by party: what `GET /v1/delays` and `tiendo delays` give out."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from typing import Any, Final

from tiendo_contracts.answers.delays import Delay
from tiendo_contracts.texts.instant_texts import parse_instant
from tiendo_domain.instants import Instant
from tiendo_domain.quality import verdict_on
from tiendo_domain.timeline_types import PartyKind
from tiendo_query.answering.named_answers import named_from
from tiendo_query.cases.case_folding import BATCH_SIZE
from tiendo_query.names.directory_names import DirectoryNames
from tiendo_query.names.known_units import known_subtree
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_query.questions import cursors
from tiendo_query.questions.cursors import Cursor
from tiendo_query.questions.periods import AskedPeriod, asked_period
from tiendo_read_models.queries.cases.refolding import cases_to_fold
from tiendo_read_models.queries.cases.relations import MAY_BE_LATE, Exactness, folded, stored
from tiendo_read_models.queries.delays import BORNE, delays
from tiendo_read_models.queries.periods import IN_PERIOD, Period
from tiendo_read_models.queries.tree_spans import CountedUnits
from tiendo_read_models.tables import CASE

_FOLDED_AT_ONCE_MAX: Final = 2_000
_ROWS_AT_ONCE: Final = 2_000

Place = tuple[str, int]
"""Case id and ordinal of a row: where to go on."""

_FIRST: Final[Place] = ("", 0)

_LATE_IN_PART: Final = f"""(c.finished_at IS NULL OR {IN_PERIOD})"""
"""Of the cases that the caller sees in part, those to be shown though their rows stand: a row is not told without what names others."""

_MAY_BE_LATE: Final = f"""({MAY_BE_LATE} OR {_LATE_IN_PART})
    AND c.case_id >= :after_case AND (CAST(:until AS text) IS NULL OR c.case_id <= :until)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedDelays:
    """The period of an extraction, and the unit whose subtree is responsible (None: everything)."""

    start: date | Instant | None
    end: date | Instant | None
    unit: str | None = None
    as_of: Instant | None = None

    @property
    def question(self) -> dict[str, object]:
        """What a cursor is bound to."""
        return {"from": self.start, "to": self.end, "unit": self.unit, "as_of": self.as_of}


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOfDelays:
    """One page of rows."""

    items: Sequence[Delay]
    next: str | None
    period: AskedPeriod


async def delay_page(
    side: QuerySide, snapshot: Snapshot, asked: AskedDelays, *, limit: int, cursor: str | None
) -> PageOfDelays:
    """The page of the extraction; raises the refusal of a cursor that belongs to another question."""
    place = None if cursor is None else cursors.read(cursor, asked.question, kinds=(str, int))
    now = side.now() if place is None else parse_instant(place.as_of)
    period = asked_period(asked.start, asked.end, as_of=asked.as_of, now=now, zone=snapshot.zone)
    units = await _units(snapshot, asked, period.period)
    after = _FIRST if place is None else (str(place.after[0]), int(place.after[1]))
    found: list[Mapping[str, Any]] = []
    reached: Place | None = after
    while reached is not None and len(found) <= limit:
        rows, reached = await _stretch(snapshot, period.period, units, after=reached, limit=limit + 1 - len(found))
        found += rows
    page, following = found[:limit], None
    if len(found) > limit:
        last = page[-1]
        now_text = now.astimezone(UTC).isoformat()
        following = cursors.written(Cursor(after=(last["case_id"], last["ordinal"]), as_of=now_text), asked.question)
    named = DirectoryNames.of(snapshot)
    return PageOfDelays(items=[delay(named.share(row, period.period)) for row in page], next=following, period=period)


def delay_period(side: QuerySide, snapshot: Snapshot, asked: AskedDelays) -> AskedPeriod:
    """The period of an extraction that begins now."""
    return asked_period(asked.start, asked.end, as_of=asked.as_of, now=side.now(), zone=snapshot.zone)


async def all_delays(snapshot: Snapshot, asked: AskedDelays, period: AskedPeriod) -> AsyncIterator[Delay]:
    """Every row of the extraction over the period, by case id."""
    units = await _units(snapshot, asked, period.period)
    named = DirectoryNames.of(snapshot)
    reached: Place | None = _FIRST
    while reached is not None:
        rows, reached = await _stretch(snapshot, period.period, units, after=reached, limit=_ROWS_AT_ONCE)
        for row in rows:
            yield delay(named.share(row, period.period))


async def _units(snapshot: Snapshot, asked: AskedDelays, period: Period) -> CountedUnits | None:
    return None if asked.unit is None else await known_subtree(snapshot, asked.unit, period)


async def _stretch(
    snapshot: Snapshot, period: Period, units: CountedUnits | None, *, after: Place, limit: int
) -> tuple[list[Mapping[str, Any]], Place | None]:
    """At most `limit` rows behind `after`, and where to go on; None: that was all."""
    connection, build, as_of = snapshot.reader.connection, snapshot.reader.build, period.as_of
    standing = await delays(
        connection,
        stored(build, as_of, Exactness.MINUTES, in_part=False),
        period,
        units=units,
        after=after,
        until=None,
        limit=limit,
    )
    until = standing[-1]["case_id"] if len(standing) == limit else None
    waiting = await cases_to_fold(
        connection,
        build,
        as_of,
        Exactness.MINUTES,
        where=_MAY_BE_LATE,
        parameters={**period.parameters, "after_case": after[0], "until": until},
        also=f"(NOT {build.seen_whole} AND {_LATE_IN_PART})",
        limit=_FOLDED_AT_ONCE_MAX,
    )
    if len(waiting) == _FOLDED_AT_ONCE_MAX:
        until = waiting[-1].case_id
    rows = [row for row in standing if until is None or row["case_id"] <= until]
    looked_at = 0
    async for fresh in snapshot.folding.batches(waiting, snapshot.view(period.as_at)):
        relation = folded(build, as_of, [case for case in fresh if case.is_borne])
        rows += await delays(connection, relation, period, units=units, after=after, until=until, limit=limit)
        looked_at += BATCH_SIZE
        reached = waiting[min(looked_at, len(waiting)) - 1].case_id
        if looked_at < len(waiting) and sum(row["case_id"] <= reached for row in rows) >= limit:
            # Enough for the page: what lies behind `reached` is the next stretch's.
            rows = [row for row in rows if row["case_id"] <= reached]
            break
    rows.sort(key=_place)
    if len(rows) >= limit:
        return rows[:limit], _place(rows[limit - 1])
    # Fewer rows than asked for: the stretch ended at `until`, after all rows of that case.
    return rows, None if until is None else (until, _LAST_ORDINAL)


_LAST_ORDINAL: Final = 2**31 - 1


def _place(row: Mapping[str, Any]) -> Place:
    return row["case_id"], row["ordinal"]


def delay(row: Mapping[str, Any]) -> Delay:
    """The row as an answer."""
    holds = row["holds"] or []
    over = [hold for hold in holds if hold["overrun"]] or holds
    steps = list(dict.fromkeys(hold["step"] for hold in over if hold["step"] is not None))
    return Delay.model_validate(
        {
            **CASE.read(row, Delay.model_fields),
            "responsible_unit": named_from(row["unit_id"], row["unit_name"]),
            "ended_at": row["finished_text"],
            **_party(row),
            "step": "; ".join(steps) or None,
            "held_from": holds[0]["from"] if holds else None,
            "held_to": holds[-1]["to"] if holds else None,
            **{name: row[name] for name in BORNE},
            "rule": row["rule"],
            "event_ids": row["event_ids"],
            "doubtful_minutes": row["doubtful_minutes"],
            "quality": verdict_on(row["minutes"], row["doubtful_minutes"]),
        }
    )


def resting_minutes(row: Delay) -> tuple[int, int]:
    """The minutes of a finished case, and those of them that rest on doubtful facts: what verdicts are about; those of an open one grow."""
    return (0, 0) if row.ended_at is None else (row.minutes, row.doubtful_minutes)


def _party(row: Mapping[str, Any]) -> dict[str, object]:
    """The officer and the unit (a unit's own is itself); a party that is a unit stands in the unit alone."""
    is_officer = row["party_kind"] == PartyKind.OFFICER.value
    return {
        "party_key": row["party_key"],
        "party_kind": row["party_kind"],
        "officer_id": row["party_id"] if is_officer else None,
        "full_name": row["party_name"] if is_officer else None,
        "position": row["party_position"],
        "unit": named_from(row["party_unit_id"], row["party_unit_name"]),
    }
