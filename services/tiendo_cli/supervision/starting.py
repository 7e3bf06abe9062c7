"""What `tiendo up` does before its parts start: database, rules, keys."""

from dataclasses import dataclass

import tiendo_migrations
from tiendo_cli.applying_rules import apply_rules_file
from tiendo_cli.supervision.demo_keys import DemoKeys, demo_keys
from tiendo_event_store import EventLog
from tiendo_runtime.authentication import KeyStore
from tiendo_runtime.database import application_engine
from tiendo_runtime.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What the prepared database holds: the keys to print, what the rules file changed, and the log's name."""

    keys: DemoKeys
    rules_changed: list[str]
    log_id: str


async def prepare(settings: Settings, url: str) -> Prepared:
    """Bring the database up to date, apply the rules file, and see that the keys are valid."""
    await tiendo_migrations.upgrade(url)
    engine = application_engine(url, pool_size=2)
    try:
        changed = [] if settings.rules is None else await apply_rules_file(engine, settings.rules)
        keys = await demo_keys(settings.data, KeyStore(engine))
        return Prepared(keys=keys, rules_changed=changed, log_id=str(await EventLog(engine).log_id()))
    finally:
        await engine.dispose()
