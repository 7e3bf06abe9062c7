"""Checks of the webhooks: whether what they are to be told arrives."""

from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_cli.diagnosis.findings import CheckFinding, good, wrong
from tiendo_event_store.deliveries.webhook_deliveries import DeliveryState, delivery_counts, overdue_deliveries
from tiendo_runtime.errors import SettingsInvalid
from tiendo_runtime.settings import Settings
from tiendo_runtime.webhook_targets import load_targets

OVERDUE_SECONDS = 300
"""So long after its time a delivery may wait before nobody seems to be at work."""


async def check_webhooks(engine: AsyncEngine, settings: Settings) -> list[CheckFinding]:
    """Each webhook of the settings, and each that was ever told anything and has something that did not arrive."""
    try:
        targets = load_targets(settings)
        for target in targets:
            target.check()
    except SettingsInvalid as error:
        return [wrong("webhooks", str(error), "mend the file; nobody is told anything meanwhile, and nothing is lost")]
    async with engine.connect() as connection:
        counts = await delivery_counts(connection)
        late = await overdue_deliveries(connection, OVERDUE_SECONDS)
    names = {target.name for target in targets}
    given_up = {name for (name, state), count in counts.items() if state is DeliveryState.DEAD and count}
    return [_check(name, counts, late.get(name, 0)) for name in sorted(names | given_up)]


def _check(name: str, counts: dict[tuple[str, DeliveryState], int], late: int) -> CheckFinding:
    subject = f"webhook {name}"
    dead, pending, delivered = (
        counts.get((name, state), 0) for state in (DeliveryState.DEAD, DeliveryState.PENDING, DeliveryState.DELIVERED)
    )
    word = f"{delivered:,} arrived, {pending:,} wait, {dead:,} were given up"
    if dead:
        return wrong(
            subject, word, f"`tiendo webhooks list --state dead` says why, `tiendo webhooks resend {name}` tries again"
        )
    if late:
        return wrong(subject, f"{word}; nobody sends", "start `tiendo up`, or `tiendo serve notifier`")
    return good(subject, word)
