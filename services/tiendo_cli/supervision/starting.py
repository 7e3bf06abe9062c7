"""What `tiendo up` does before its parts start: database, rules, keys."""

from dataclasses import dataclass
from typing import Final

import tiendo_migrations
from tiendo_cli.applying_rules import apply_rules_file
from tiendo_cli.supervision.demo_keys import DemoKeys, demo_keys
from tiendo_contracts.database.database_roles import OWNER, DatabaseRole
from tiendo_event_store import EventLog
from tiendo_runtime.authentication import KeyRegister
from tiendo_runtime.authentication.people import Role, SignedInPerson
from tiendo_runtime.authentication.role_facts import note_role_given
from tiendo_runtime.authentication.row_seals import RowSeals
from tiendo_runtime.authentication.sealing import seal_keys
from tiendo_runtime.authentication.sign_in_links import SignInLinks
from tiendo_runtime.database import owner_engine, service_engine
from tiendo_runtime.database_logins import ensure_logins
from tiendo_runtime.database_urls import login_url
from tiendo_runtime.settings import Settings

_ENTERED_BY: Final = "tiendo up"
_VISITOR: Final = SignedInPerson(
    subject="Người dùng thử",
    name="Người dùng thử",
    roles=frozenset(Role) - {Role.OFFICER},
    units=None,
)
"""Whom the printed link signs in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What the prepared database holds: keys and a sign-in link to print, what the rules file changed, and the log's name.

    `link` is None where people sign in through an issuer.
    """

    keys: DemoKeys
    link: str | None
    rules_changed: list[str]
    log_id: str


async def prepare(settings: Settings, url: str) -> Prepared:
    """Bring the database up to date, apply the rules file, and see that the keys are valid."""
    await tiendo_migrations.upgrade(login_url(url, OWNER))
    if not settings.embedded:
        await ensure_logins(url, settings.database_logins_path)
    engine = service_engine(url, DatabaseRole.COMMAND_LINE, pool_size=2)
    owner = owner_engine(url)
    try:
        secret = await seal_keys(owner, settings.key_secret_path, entered_by=_ENTERED_BY)
        changed = [] if settings.rules is None else await apply_rules_file(engine, settings.rules)
        keys = await demo_keys(settings.data, KeyRegister(owner, secret, entered_by=_ENTERED_BY))
        link = None
        if settings.oidc_issuer is None:
            await note_role_given(engine, _VISITOR, entered_by=_ENTERED_BY)
            link = await SignInLinks(engine, RowSeals(secret.found)).make(_VISITOR, None)
        return Prepared(keys=keys, link=link, rules_changed=changed, log_id=str(await EventLog(engine).log_id()))
    finally:
        await engine.dispose()
        await owner.dispose()
