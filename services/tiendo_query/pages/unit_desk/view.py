"""What the page of the head of a unit shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from tiendo_contracts.explanation import PARTY_WORDS
from tiendo_contracts.problems.problem_kinds import Words
from tiendo_domain.timeline_types import PartyKind
from tiendo_query.desk.unit_work import OpenCases, OpenRow, UnitWork
from tiendo_query.pages.showing import Said

_KINDS: Final = {
    PartyKind.OFFICER: Words(vi="cá nhân giữ hồ sơ", en="people who held it"),
    PartyKind.UNIT: Words(vi="chờ trong đơn vị, chưa ai nhận", en="waiting in a unit's queue"),
    PartyKind.ORGANISATION: Words(vi="cơ quan: quy trình, phần lẻ", en="organisation: plan and roundings"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRow:
    """An open case of a list, with its holder in words."""

    open: OpenRow
    holder: Said
    detail: Said

    @property
    def due_at(self) -> str | None:
        """The judged due as text."""
        due = self.open.due_at
        return None if due is None else due.isoformat()

    @property
    def since(self) -> str:
        """Since when the holder has had it, as text."""
        return self.open.held_since.isoformat()


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitList:
    """The first cases of a list, and how many there are."""

    rows: Sequence[UnitRow]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BearerKindRow:
    """Who bears the lateness of the month, by kind."""

    words: Words
    minutes: int
    by_rule_minutes: int
    late_entry_minutes: int
    late_entry_by_rule_minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitDeskView:
    """The page."""

    work: UnitWork
    start: date
    end: date
    due_soon: UnitList
    queued: UnitList
    consulting: UnitList
    apologies: UnitList
    causes: Sequence[BearerKindRow]


def unit_desk_view(work: UnitWork) -> UnitDeskView:
    """The view."""
    return UnitDeskView(
        work=work,
        start=work.month.month.start,
        end=work.month.month.end,
        due_soon=_listed(work.due_soon),
        queued=_listed(work.queued),
        consulting=_listed(work.consulting),
        apologies=_listed(OpenCases(rows=work.apologies, total=len(work.apologies))),
        causes=[
            BearerKindRow(
                words=_KINDS.get(one.kind, PARTY_WORDS[one.kind]),
                minutes=one.minutes,
                by_rule_minutes=one.by_rule_minutes,
                late_entry_minutes=one.late_entry_minutes,
                late_entry_by_rule_minutes=one.late_entry_by_rule_minutes,
            )
            for one in work.month.borne
        ],
    )


def _listed(cases: OpenCases) -> UnitList:
    return UnitList(rows=[_row(one) for one in cases.rows], total=cases.total)


def _row(one: OpenRow) -> UnitRow:
    case = one.case
    unit = case.holder.unit_name or case.holder.unit_id or ""
    if case.holder_kind is PartyKind.OFFICER:
        beside = ", ".join(part for part in (case.holder.position, unit) if part)
        return UnitRow(
            open=one, holder=case.holder.name or case.holder.id or PARTY_WORDS[case.holder_kind], detail=beside
        )
    if case.holder_kind in {PartyKind.UNIT, PartyKind.CONSULTED_UNIT}:
        return UnitRow(open=one, holder=unit or PARTY_WORDS[case.holder_kind], detail="")
    return UnitRow(open=one, holder=PARTY_WORDS[case.holder_kind], detail=unit)
