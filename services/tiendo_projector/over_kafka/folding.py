"""Folding cases of followed events: each by the rules of its own log, with the fold of the projector over the log."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence

from tiendo_event_store.followed import FollowedEvent, told_case
from tiendo_projector.over_kafka.rules import NO_RULES, Books
from tiendo_read_models.folding import fold_case
from tiendo_read_models.refolding import CaseKey
from tiendo_read_models.writing import Folded

_CASES_AT_A_STRETCH = 25


async def fold_told(
    cases: Sequence[CaseKey], told: Mapping[str, Iterable[FollowedEvent]], books: Books
) -> list[Folded]:
    """The rows of the cases from all that is `told` of each, by the order of `cases`; one of which nothing is told is left out.

    Every few cases the loop has its turn, in which the consumer tells its group that it is alive.
    """
    folded: list[Folded] = []
    for number, key in enumerate(cases, 1):
        if key.case_id in told:
            case = told_case(told[key.case_id])
            rules = books.get(case.log_id, NO_RULES)
            folded.append(fold_case(key.case_id, key.shard, case.events, rules))
        if number % _CASES_AT_A_STRETCH == 0:
            await asyncio.sleep(0)
    return folded
