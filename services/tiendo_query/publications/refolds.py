"""Cases of a list folded with what the list knows of them, beside the event loop."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import structlog

from tiendo_domain.monthly_list.frozen import OfficerInCase, officers_in
from tiendo_domain.monthly_list.known import known_to_list
from tiendo_query.case_folding import BATCH_SIZE, without_collecting
from tiendo_query.case_histories import CaseHistories
from tiendo_read_models.folding import StoredText, cause_of
from tiendo_read_models.queries.refolding import Known, ToFold, View, timelines_in
from tiendo_read_models.queries.relations import FoldedCase, folded_case
from tiendo_read_models.rows import case_rows

_journal = structlog.get_logger("tiendo.publications")
_AT_ONCE: Final = BATCH_SIZE


@dataclass(frozen=True, slots=True, kw_only=True)
class ListKnowledge:
    """What a list knows: everything up to the position `frozen`, and what was explained and decided up to `decided`."""

    frozen: int
    decided: int

    @property
    def known(self) -> Known:
        """Which of a case's events count."""
        return partial(known_to_list, frozen=self.frozen, decided=self.decided)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refolded:
    """A case as the list knows it: its id then, its rows, and all officers who hold or bear something in it."""

    case: ToFold
    case_id: str
    rows: FoldedCase
    officers: Sequence[OfficerInCase]


async def refolded(
    histories: CaseHistories, cases: Sequence[ToFold], view: View, knowledge: ListKnowledge
) -> AsyncIterator[list[Refolded]]:
    """The cases as they show with what the list knows, a batch at a time; those that are not there then, or cannot be folded, are left out."""
    for start in range(0, len(cases), _AT_ONCE):
        batch = cases[start : start + _AT_ONCE]
        found: list[Refolded] = []
        for group, stored, by_rules in await histories.cases(batch, view):
            work = partial(_fold_all, group, stored, by_rules, knowledge.known)
            found += await asyncio.to_thread(without_collecting, work)
        yield found


def _fold_all(
    cases: Iterable[ToFold], stored: Mapping[str, Sequence[StoredText]], view: View, known: Known
) -> list[Refolded]:
    found = []
    for case in cases:
        try:
            found += _fold(case, stored.get(case.case_id, ()), view, known)
        except Exception as error:  # noqa: BLE001 - one poisoned case must never keep the others from being listed
            _journal.error("case cannot be folded", case_id=case.case_id, cause=cause_of(error))
    return found


def _fold(case: ToFold, stored: Sequence[StoredText], view: View, known: Known) -> list[Refolded]:
    return [
        Refolded(
            case=case,
            case_id=timeline.case_id,
            rows=folded_case(case_rows(then.events, timeline, case.told_codes)),
            officers=officers_in(
                timeline, view.rules, {(event.source, event.id): event.ingested_at for event in then.events}
            ),
        )
        for then, timeline in timelines_in(case, stored, view, known=known)
    ]
