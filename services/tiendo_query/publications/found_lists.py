"""Lists found by unit, month and state."""

from dataclasses import dataclass

from tiendo_domain.monthly_list.workflow import ListState
from tiendo_event_store.monthly_lists.list_steps import MonthlyList, all_lists
from tiendo_event_store.monthly_lists.stored_contents import read_content
from tiendo_query.publications.seen_lists import SeenList, lists_seen_by
from tiendo_query.query_side import QuerySide


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedLists:
    """Which lists; None for all."""

    unit: str | None = None
    period: str | None = None
    state: ListState | None = None

    def asks_for(self, one: MonthlyList) -> bool:
        """Whether the list is among them."""
        return self.state in {None, one.state}


async def listed(side: QuerySide, asked: AskedLists, *, after: str | None, limit: int) -> list[SeenList]:
    """The lists that the caller sees behind the one of the id `after`, at most `limit`, each with its newest content."""
    async with lists_seen_by(side) as driver:
        units = None if asked.unit is None else [asked.unit]
        found = await all_lists(driver, period=asked.period, units=units)
        ids = [one.id for one in found]
        begin = ids.index(after) + 1 if after in ids else 0
        seen: list[SeenList] = []
        for one in filter(asked.asks_for, found[begin:]):
            content = await read_content(driver, one.content_digest(one.version))
            if content is not None:
                seen.append(SeenList(list=one, version=one.version, content=content))
            if len(seen) == limit:
                break
    return seen
