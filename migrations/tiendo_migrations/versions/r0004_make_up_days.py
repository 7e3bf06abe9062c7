"""The make-up working days of every calendar with public holidays, as new facts: a version that has them (rule T7)."""

from collections.abc import Iterator
from dataclasses import asdict, replace

import sqlalchemy as sa
from alembic import op

from tiendo_contracts.database.advisory_locks import APPEND
from tiendo_contracts.directory import directory_fact
from tiendo_contracts.directory.public_holidays import public_holidays_of
from tiendo_domain.rules import CalendarDefinition, RuleBook
from tiendo_migrations.defaults import EVENTS, fact_of

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Append a fact for each calendar that lacks them, as it stands otherwise; a log seeded by this version has them already."""
    connection = op.get_bind()
    # The lock of the log's writers: positions stay dense.
    connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({APPEND.key})"))
    now = connection.execute(sa.text("SELECT clock_timestamp()")).scalar_one()
    head = connection.execute(sa.select(sa.func.max(EVENTS.c.position))).scalar_one()
    for position, definition in enumerate(_amended(connection), head + 1):
        row = asdict(fact_of(definition, at=now))
        connection.execute(EVENTS.insert().values(row | {"position": position, "occurred_at": now, "ingested_at": now}))


def _amended(connection: sa.Connection) -> Iterator[CalendarDefinition]:
    rows = connection.execute(
        sa.select(EVENTS.c.text, EVENTS.c.position, EVENTS.c.ingested_at)
        .where(EVENTS.c.shard.is_(None))
        .order_by(EVENTS.c.position)
    )
    facts = [directory_fact(row.text, position=row.position, ingested_at=row.ingested_at) for row in rows]
    for calendar in RuleBook.fold(facts).calendars.values():
        make_up_days = public_holidays_of(calendar.definition.holidays).make_up_days
        if calendar.version > 0 and not calendar.definition.make_up_days and make_up_days:
            yield replace(calendar.definition, make_up_days=make_up_days)


def downgrade() -> None:
    """There is no way back: an older version refuses a newer database, and the log forgets nothing."""
    raise NotImplementedError
