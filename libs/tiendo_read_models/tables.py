"""The tables of one build of the read models. They carry no schema: a build's schema is put in by `schema_translate_map`.

Nothing here depends on "now". A case is folded at the latest `time` or `recordedat` of its events; what an open case shows at another instant
follows from `overdue_after`, or, where `needs_fold` says that no closed form holds, from folding the case again.
Keys sort by code point (`COLLATE "C"`), as rule T1 compares them.
"""

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Index, Integer, MetaData, SmallInteger, Table, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

metadata = MetaData()

HASH_OF_PARTY = "hashtextextended(party_key, 0)"
"""What the index of officers is made of: a key may hold long names, and is longer than what an index takes."""


def _key() -> Text:
    return Text(collation="C")


def _instant(name: str, *, nullable: bool = True) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


def _sent_instant(name: str) -> list[Column[object]]:
    """`<name>_at` to compare by, and `<name>_text` as it is shown: as sent, or computed in the calendar's zone."""
    return [_instant(f"{name}_at"), Column(f"{name}_text", Text)]


def _party(prefix: str, *, nullable: bool) -> list[Column[object]]:
    """`<prefix>_key` alone tells parties apart (rules H3, H11), as `tiendo_domain` made it; the rest is how the party is shown."""
    return [
        Column(f"{prefix}_key", _key(), nullable=nullable),
        Column(f"{prefix}_kind", Text, nullable=nullable),
        Column(f"{prefix}_id", _key()),
        Column(f"{prefix}_name", Text),
        Column(f"{prefix}_position", Text),
        Column(f"{prefix}_unit_id", _key()),
        Column(f"{prefix}_unit_name", Text),
    ]


cases = Table(
    "cases",
    metadata,
    Column("case_id", _key(), primary_key=True),
    Column("shard", SmallInteger, nullable=False),
    Column("source", _key(), nullable=False),
    Column("simulated", Boolean, nullable=False),  # an event's source lies under /simulation/
    Column("unit_id", _key()),
    Column("unit_name", Text),
    Column("procedure_id", _key()),
    Column("procedure_name", Text),
    Column("field_id", _key()),
    Column("field_name", Text),
    Column("channel", Text),
    Column("state", Text, nullable=False),
    Column("class", Text, key="case_class"),
    Column("accepted", Boolean),
    Column("provisional", Boolean, nullable=False),
    *_sent_instant("submitted"),
    *_sent_instant("received"),
    *_sent_instant("due"),
    *_sent_instant("due_recomputed"),
    *_sent_instant("judged_due"),
    *_sent_instant("completed"),
    *_sent_instant("finished"),  # completed, declined or withdrawn
    _instant("finish_recorded_at"),  # decides the period to which the case belongs (rule C, indicators)
    *_sent_instant("delivered"),
    Column("overdue", Boolean),  # as folded at last_event_at; of an open case use overdue_after
    _instant("overdue_after"),  # open and not folded: overdue at every later instant if nothing else happens
    Column("needs_fold", Boolean, nullable=False),  # no closed form holds: the clock stands, or open as recorded
    Column("lateness_minutes", BigInteger),
    Column("system_lateness_minutes", BigInteger),
    Column("late_entry_minutes", BigInteger, nullable=False),
    *_party("late_entry", nullable=True),
    *_party("holder", nullable=True),  # of the last hold of an open case
    Column("policy", Text, nullable=False),
    Column("calendar_version", Text, nullable=False),
    Column("event_count", Integer, nullable=False),
    _instant("first_event_at", nullable=False),  # the earliest `time`
    _instant("last_event_at", nullable=False),  # the latest `time` or `recordedat`: the as_of of this fold
    Column("last_position", BigInteger, nullable=False),
    Column("anomalies", JSONB, nullable=False),  # [{"kind", "event_ids"}], as the timeline orders them
    Column("unit_parents", JSONB, nullable=False),  # child unit -> parent unit as the case's own events name them (T6)
    Column("holder_names", ARRAY(Text), nullable=False),  # what a new placeholder list may turn into nobody (H3)
    Index("cases_by_finish", "finish_recorded_at"),
    Index("cases_by_unit", "unit_id"),
    Index("cases_by_received", "received_at"),
    Index("cases_unfinished", "overdue_after", postgresql_where=text("finished_at IS NULL")),
)

holds = Table(
    "holds",
    metadata,
    Column("case_id", _key(), primary_key=True),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    *_party("party", nullable=False),
    Column("step_id", _key()),
    Column("step_name", Text),
    *_sent_instant("started"),
    *_sent_instant("ended"),  # null: the last hold of an open case
    Column("working_minutes", BigInteger, nullable=False),
    Column("allotted_minutes", BigInteger),
    Column("overrun_minutes", BigInteger),
    Column("lateness_in_minutes", BigInteger),
    Column("lateness_out_minutes", BigInteger),
    Column("paused", Boolean, nullable=False),
    Column("inferred", Boolean, nullable=False),
    Column("event_ids", ARRAY(Text), nullable=False),
    Index(
        "holds_by_officer",
        text(HASH_OF_PARTY),
        "started_at",
        postgresql_where=text("party_kind = 'officer'"),
    ),
)

attributions = Table(
    "attributions",
    metadata,
    Column("case_id", _key(), primary_key=True),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    *_party("party", nullable=False),
    Column("minutes", BigInteger, nullable=False),
    Column("rule", Text, nullable=False),
    Column("event_ids", ARRAY(Text), nullable=False),
)

unit_statements = Table(
    "unit_statements",
    metadata,
    Column("shard", SmallInteger, primary_key=True, autoincrement=False),
    Column("unit_id", _key(), primary_key=True),
    Column("name", Text),
    Column("name_key", _key()),
    Column("parent", _key()),
    Column("parent_key", _key()),
    Column("level", Text),
    Column("level_key", _key()),
)
"""What events say of units: of each member the latest statement, by the `*_key` (`time` in UTC, source, id): a merge that no order of
delivery can change. One row a shard, so that shards never wait for one another; readers merge the shards."""

faults = Table(
    "faults",
    metadata,
    Column("case_id", _key(), primary_key=True),
    Column("shard", SmallInteger, nullable=False),
    Column("event_count", Integer, nullable=False),
    Column("last_position", BigInteger, nullable=False),
    Column("cause", Text, nullable=False),
)
"""Cases whose events could not be folded, and why; such a case has no other rows, and the others go on."""

refolds = Table(
    "refolds",
    metadata,
    Column("shard", SmallInteger, primary_key=True, autoincrement=False),
    Column("case_id", _key(), primary_key=True),
    _instant("not_before"),  # set for a very large case: it is folded again at this instant at the earliest
)
"""Cases to fold again: touched by a new directory fact (T6), or so large that not every event folds them at once.

A row with `not_before` marks the large case: its other rows may lack what came since it was folded last."""

folds = Table(
    "folds",
    metadata,
    Column("case_id", _key(), primary_key=True),
    Column("shard", SmallInteger, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("revision", BigInteger, nullable=False),
    Index("folds_by_revision", "shard", "revision"),
)
"""When each case was folded last, faulty ones too: what those who pass its state on go by.

`position`: the other rows of the case show at least every event up to it. `revision`: rises within a shard in the order in which folds become
visible, so that a reader who has seen one number has seen everything below it. None of it is part of what the build says of cases."""

CASE_TABLES = (attributions, holds, cases, faults)
"""Tables whose rows belong to one case and are replaced whenever it is folded."""
