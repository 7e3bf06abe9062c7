"""A database holds the cases of its own log or of followed ones, never both."""

from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_event_store.followed import has_own_cases
from tiendo_event_store.followed_positions import is_followed
from tiendo_projector.errors import TwoTruths


async def refuse_followed(engine: AsyncEngine) -> None:
    """Raise TwoTruths where other logs are followed into the database."""
    if await follows_others(engine):
        raise TwoTruths(follows=True)


async def refuse_own_cases(engine: AsyncEngine) -> None:
    """Raise TwoTruths where the database's own log holds cases."""
    async with engine.connect() as connection:
        if await has_own_cases(connection):
            raise TwoTruths(follows=False)


async def follows_others(engine: AsyncEngine) -> bool:
    """Whether the read models of this database are made from followed events."""
    async with engine.connect() as connection:
        return await is_followed(connection)
