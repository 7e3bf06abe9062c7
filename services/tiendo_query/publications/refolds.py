"""Cases of a list folded with what the list knows of them, beside the event loop."""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import structlog

from tiendo_domain.case_event import CaseEvent
from tiendo_domain.monthly_list.frozen import OfficerInCase, officers_in
from tiendo_domain.monthly_list.joined_officers import JoinedOfficers
from tiendo_domain.monthly_list.known import known_to_list
from tiendo_query.cases.case_folding import BATCH_SIZE, without_collecting
from tiendo_query.cases.case_histories import CaseHistories
from tiendo_read_models.folding import StoredText, cause_of
from tiendo_read_models.queries.cases.refolding import Known, ToFold, View, timelines_in
from tiendo_read_models.queries.cases.relations import FoldedCase, folded_case
from tiendo_read_models.rows import case_rows

_journal = structlog.get_logger("tiendo.publications")
_AT_ONCE: Final = BATCH_SIZE


@dataclass(frozen=True, slots=True, kw_only=True)
class ListKnowledge:
    """What a list knows: everything up to the position `frozen`, and what was explained and decided up to `decided`.

    `joined`: which officers turned out to be one in between.
    """

    frozen: int
    decided: int
    joined: JoinedOfficers | None = None

    def known(self, codes: Collection[str]) -> Known:
        """Which events count of the case that these codes named."""
        return partial(self._known, codes)

    def _known(self, codes: Collection[str], events: Sequence[CaseEvent]) -> Sequence[CaseEvent]:
        known = known_to_list(events, codes=codes, frozen=self.frozen, decided=self.decided)
        return known if self.joined is None else self.joined.as_frozen(known)

    def officers(self, found: Sequence[OfficerInCase]) -> Sequence[OfficerInCase]:
        """The officers of a case, each with what waits for its decision of any of their ids."""
        return found if self.joined is None else self.joined.with_pending_of_all_ids(found)


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
            work = partial(_fold_all, group, stored, by_rules, knowledge)
            found += await asyncio.to_thread(without_collecting, work)
        yield found


def _fold_all(
    cases: Iterable[ToFold], stored: Mapping[str, Sequence[StoredText]], view: View, knowledge: ListKnowledge
) -> list[Refolded]:
    found = []
    for case in cases:
        try:
            found += _fold(case, stored.get(case.case_id, ()), view, knowledge)
        except Exception as error:  # noqa: BLE001 - one poisoned case must never keep the others from being listed
            _journal.error("case cannot be folded", case_id=case.case_id, cause=cause_of(error))
    return found


def _fold(case: ToFold, stored: Sequence[StoredText], view: View, knowledge: ListKnowledge) -> list[Refolded]:
    return [
        Refolded(
            case=replace(case, case_id=then.case_id, codes=(then.case_id, *then.aliases)),
            case_id=timeline.case_id,
            rows=folded_case(case_rows(then.events, timeline, case.told_codes)),
            officers=knowledge.officers(
                officers_in(
                    timeline, view.rules, {(event.source, event.id): event.ingested_at for event in then.events}
                )
            ),
        )
        for then, timeline in timelines_in(case, stored, view, known=knowledge.known(case.codes))
    ]
