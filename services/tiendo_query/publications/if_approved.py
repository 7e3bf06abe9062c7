"""What a list would say if it were approved now: who would be named, and who not."""

from typing import Final

from tiendo_domain.monthly_list.listed_content import Content
from tiendo_domain.monthly_list.workflow import ListState
from tiendo_event_store.monthly_lists.knowledge import knowledge_now
from tiendo_query.publications.drafting import decided_since
from tiendo_query.publications.list_contents import Approval
from tiendo_query.publications.publishing import window_ends_at
from tiendo_query.publications.seen_lists import SeenList
from tiendo_query.query_side import QuerySide

_BEFORE_APPROVAL: Final = frozenset({ListState.DRAFT, ListState.OPEN})


async def if_approved(everything: QuerySide, found: SeenList) -> Content:
    """The content with what is decided by now and with those marked who would be withheld; that of a list which was approved stays.

    Of a draft every explanation that waits withholds: its window is still to come.
    """
    if found.list.state not in _BEFORE_APPROVAL:
        return found.content
    known = await knowledge_now(everything.engine)
    ends_at = everything.now() if found.list.state is ListState.DRAFT else window_ends_at(found.list)
    async with everything.snapshot(heavy=True) as snapshot:
        approval = Approval(decided_until=known.at, window_ends_at=ends_at)
        return (await decided_since(everything, snapshot, found.content, known, approval)).content
