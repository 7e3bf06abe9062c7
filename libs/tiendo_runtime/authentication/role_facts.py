"""Roles given to people here, by sign-in links: each is a fact of the log, and an entry of the access log."""

from datetime import UTC, datetime
from functools import partial
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_contracts.events.house_facts import house_event
from tiendo_event_store.access_log import AccessEntry, AccessKind, write_entries
from tiendo_event_store.appending.appender import Appender
from tiendo_event_store.stored import house_candidate
from tiendo_runtime.authentication.people import SignedInPerson
from tiendo_runtime.authentication.sessions import columns_of

ROLE_GIVEN: Final = "vn.tiendo.role.given.v1"


async def note_role_given(engine: AsyncEngine, person: SignedInPerson, *, entered_by: str) -> None:
    """Note that the person was given their roles and units, by whoever made their link. Raises LogUnavailable."""
    at = datetime.now(UTC)
    fact = house_event(ROLE_GIVEN, person.subject, {**columns_of(person), "entered_by": entered_by}, at=at)
    entry = AccessEntry(
        at=at, who=entered_by, name=entered_by, kind=AccessKind.ROLE, subject=person.subject, address=ROLE_GIVEN
    )
    async with Appender(engine) as appender:
        await appender.append([house_candidate(fact)], beside=partial(write_entries, entries=[entry]))
