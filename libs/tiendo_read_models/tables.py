"""The tables of one build of the read models. They carry no schema: a build's schema is put in by `schema_translate_map`.

Nothing here depends on "now". A case is folded at the latest `time` or `recordedat` of its events; what an open case shows at another instant
follows from `overdue_after`, or, where `needs_fold` says that no closed form holds, from folding the case again.
Keys sort by code point (`COLLATE "C"`), as rule T1 compares them.
"""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Computed,
    DateTime,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from tiendo_domain.timeline_types import Anomaly
from tiendo_read_models.members import Members, Plain, given, key_text, moment, named, party, plain, sent

metadata = MetaData()

HASH_OF_PARTY = "hashtextextended({key}, 0)"
"""What the index of officers is made of: a key may hold long names, and is longer than what an index takes."""


def _as_read(stored: str | Plain | list[Plain]) -> Any:  # noqa: ANN401 - any JSON value
    """What a jsonb column holds: as text unless the driver has read it."""
    return json.loads(stored) if isinstance(stored, str) else stored


def _anomalies(anomalies: Iterable[Anomaly]) -> str:
    return _json([{"kind": anomaly.kind, "event_ids": anomaly.event_ids} for anomaly in anomalies])


_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode

CASE = Members(
    plain("case_id", key_text(), primary_key=True),
    given(plain("shard", SmallInteger, nullable=False)),
    plain("aliases", ARRAY(Text), nullable=False),  # its other codes (N4)
    plain("source", key_text(), nullable=False),
    given(plain("simulated", Boolean, nullable=False)),  # an event's source lies under /simulation/
    named("unit"),
    named("procedure"),
    named("field"),
    plain("channel", Text),
    plain("state", Text, nullable=False),
    plain("case_class", Text, column="class"),
    plain("class_by_rule", Text),  # without any decision, as all that is said to be by rule (rule E1)
    plain("accepted", Boolean),
    plain("provisional", Boolean, nullable=False),
    sent("submitted_at"),
    sent("received_at"),
    sent("due_at"),
    sent("due_recomputed_at"),
    sent("judged_due_at"),
    sent("completed_at"),
    sent("finished_at"),  # completed, declined or withdrawn
    sent("finish_recorded_at"),  # decides the period to which the case belongs (rule C, indicators)
    sent("delivered_at"),
    plain("overdue", Boolean),  # as folded at last_event_at; of an open case use overdue_after
    plain("overdue_by_rule", Boolean),  # likewise
    given(moment("overdue_after")),  # open and not folded: overdue at every later instant if nothing else happens
    given(plain("needs_fold", Boolean, nullable=False)),  # no closed form holds: the clock stands, or open as recorded
    plain("lateness_minutes", BigInteger),
    plain("lateness_by_rule_minutes", BigInteger),
    plain("system_lateness_minutes", BigInteger),
    plain("late_entry_minutes", BigInteger, nullable=False),
    plain("late_entry_by_rule_minutes", BigInteger, nullable=False),
    party("late_entry_party", prefix="late_entry"),
    given(party("holder")),  # of the last hold of an open case
    plain("policy", Text, nullable=False),
    plain("calendar_version", Text, nullable=False),
    given(plain("calendar_days", Boolean, nullable=False)),  # minutes are those of whole days, not of sessions (T7)
    plain("event_count", Integer, nullable=False),
    given(moment("first_event_at", nullable=False)),  # the earliest `time`
    given(moment("last_event_at", nullable=False)),  # the latest `time` or `recordedat`: the as_of of this fold
    given(plain("first_position", BigInteger, nullable=False)),
    plain("last_position", BigInteger, nullable=False),
    given(plain("told_codes", ARRAY(Text), nullable=False)),  # where not its own code alone: all that were ever joined
    # [{"kind", "event_ids"}], as the timeline orders them
    plain("anomalies", JSONB, nullable=False, drawn=_anomalies, read=_as_read),
    # Of the shares the minutes that rest on doubtful facts; what is irregular in the case, sorted (docs/quality.md).
    given(plain("doubtful_minutes", BigInteger, nullable=False)),
    given(plain("irregularities", ARRAY(Text), nullable=False)),
    given(moment("silent_from")),  # open and not yet silent: silent-tail from then on if nothing else happens
    given(plain("closing_officer", key_text())),  # who completed it near the end of a day or month
    # whose case it is, and who held or bears something in it: ids of `places`
    given(plain("place_id", BigInteger)),
    given(plain("party_places", ARRAY(BigInteger), nullable=False)),
    given(plain("holder_place_id", BigInteger)),
    given(plain("late_entry_place_id", BigInteger)),
    # child unit -> parent unit as the case's own events name them (T6)
    given(plain("unit_parents", JSONB, nullable=False, drawn=_json, read=_as_read)),
    given(plain("holder_names", ARRAY(Text), nullable=False)),  # what a placeholder list may turn into nobody (H3)
    given(plain("officer_ids", ARRAY(Text), nullable=False)),  # whose absences and joins concern the case (H10, H11)
    # the stored keys of the names by which it is searched, as `tiendo_domain.names` makes them: of things, and of officers who held it
    given(plain("search_key", Text, nullable=False)),
    given(plain("people_search_key", Text, nullable=False)),
)
"""A case, of its timeline; what is given is not the timeline's, or follows from it."""
SEARCH_KEYS = ("search_key", "people_search_key")
"""The members by which cases are searched, and that nothing shows. Who sees a case in part must find both empty: they name everybody in it."""

PLACES_OF_A_CASE = ("place_id", "party_places", "holder_place_id", "late_entry_place_id")
PLACES_OF_A_PARTY = ("case_place_id", "party_place_id")
"""The members by which policies tell whose a row is."""

cases = Table(
    "cases",
    metadata,
    *CASE.columns,
    Index("cases_by_finish", "finish_recorded_at"),
    # By these, lists are read in order, page by page (`queries/sorted_cases.py`).
    Index("cases_by_unit", "unit_id", "case_id"),
    Index("cases_by_procedure", "procedure_id", "case_id"),
    Index("cases_by_received", "received_at", "case_id"),
    Index("cases_by_due", "judged_due_at", "case_id"),
    Index("cases_by_last_event", "last_event_at"),
    Index("cases_with_anomalies", "last_event_at", postgresql_where=text("jsonb_array_length(anomalies) > 0")),
    Index("cases_needing_fold", "case_id", postgresql_where=text("needs_fold")),
    Index("cases_unfinished", "overdue_after", postgresql_where=text("finished_at IS NULL")),
    # Whose a case is, and who had part in it: by these the policies find what a bound reader sees.
    Index("cases_by_place", "place_id"),
    Index("cases_by_party_places", "party_places", postgresql_using="gin"),
)

HOLD = Members(
    given(plain("case_id", key_text(), primary_key=True)),
    given(plain("ordinal", Integer, primary_key=True)),
    given(plain("case_place_id", BigInteger)),
    given(plain("party_place_id", BigInteger)),
    party("party", nullable=False),
    named("step"),
    sent("started_at", nullable=False),
    sent("ended_at"),  # null: the last hold of an open case
    plain("working_minutes", BigInteger, nullable=False),
    plain("allotted_minutes", BigInteger),
    plain("overrun_minutes", BigInteger),
    plain("lateness_in_minutes", BigInteger),
    plain("lateness_out_minutes", BigInteger),
    plain("paused", Boolean, nullable=False),
    plain("inferred", Boolean, nullable=False),
    plain("absent", Boolean, nullable=False),
    plain("marks", ARRAY(Text), nullable=False),
    plain("event_ids", ARRAY(Text), nullable=False),
)

holds = Table(
    "holds",
    metadata,
    *HOLD.columns,
    # A column, not an expression: under a policy an index is not asked by functions that might tell what they are given.
    Column("party_hash", BigInteger, Computed(HASH_OF_PARTY.format(key="party_key"), persisted=True)),
    Index(
        "holds_by_officer",
        "party_hash",
        "started_at",
        postgresql_where=text("party_kind = 'officer'"),
    ),
    # Equal entries are stored once: which names an id bears is read without looking at its holds.
    Index("holds_by_name", "party_id", "party_name", postgresql_where=text("party_kind = 'officer'")),
)

ATTRIBUTION = Members(
    given(plain("case_id", key_text(), primary_key=True)),
    given(plain("ordinal", Integer, primary_key=True)),
    given(plain("case_place_id", BigInteger)),
    given(plain("party_place_id", BigInteger)),
    party("party", nullable=False),
    plain("minutes", BigInteger, nullable=False),  # of the lateness, after decisions
    plain("by_rule_minutes", BigInteger, nullable=False),
    plain("late_entry_minutes", BigInteger, nullable=False),  # after decisions
    plain("late_entry_by_rule_minutes", BigInteger, nullable=False),
    plain("received_by_decision_minutes", BigInteger, nullable=False),  # of both
    plain("late_entry_received_minutes", BigInteger, nullable=False),  # of these, of late entries
    plain("rule", Text, nullable=False),
    plain("event_ids", ARRAY(Text), nullable=False),
    plain("rule_by_rule", Text),  # of the share by rule; null: `rule`
    plain("event_ids_by_rule", ARRAY(Text)),  # likewise
    given(plain("doubtful_minutes", BigInteger, nullable=False)),
    # {kind: minutes that rest on such a fact}
    given(plain("doubts", JSONB, nullable=False, drawn=_json, read=_as_read)),
)
"""What one party of a case bears, of a `Burden`: one row a party, also of one from whom decisions took everything."""

attributions = Table("attributions", metadata, *ATTRIBUTION.columns)

EXPLANATION = Members(
    given(plain("case_id", key_text(), primary_key=True)),
    given(plain("ordinal", Integer, primary_key=True)),
    given(plain("case_place_id", BigInteger)),
    given(plain("party_place_id", BigInteger)),  # of a party that had part in the case, and of a unit
    party("party", nullable=False),
    plain("had_part", Boolean, nullable=False),
    plain("source", key_text(), nullable=False),
    plain("id", key_text(), nullable=False),
    sent("filed_at", nullable=False),
    plain("state", Text, nullable=False),
    given(
        plain("open", Boolean, nullable=False)
    ),  # the case: who bears something in it may still change, and with it the state
    given(plain("outcome", Text)),  # of the decision that holds
    given(plain("reason", Text, nullable=False)),
)
"""An explanation that stands, by rule T1; what it says is not kept here: it is read where it can be redacted, in the log."""

explanations = Table(
    "explanations",
    metadata,
    *EXPLANATION.columns,
    Index("explanations_by_filing", "filed_at", "case_id", "ordinal"),
)

aliases = Table(
    "aliases",
    metadata,
    Column("code", key_text(), primary_key=True),
    Column("case_id", key_text(), nullable=False, index=True),
    Column("shard", SmallInteger, nullable=False),
)
"""The other codes of cases (rule N4), each with the case that it names and the shard of the code itself."""

unit_statements = Table(
    "unit_statements",
    metadata,
    Column("shard", SmallInteger, primary_key=True, autoincrement=False),
    Column("unit_id", key_text(), primary_key=True),
    Column("name", Text),
    Column("name_key", key_text()),
    Column("parent", key_text()),
    Column("parent_key", key_text()),
    Column("level", Text),
    Column("level_key", key_text()),
)
"""What events say of units: of each member the latest statement, by the `*_key` (`time` in UTC, source, id): a merge that no order of
delivery can change. One row a shard, so that shards never wait for one another; readers merge the shards."""

places = Table(
    "places",
    metadata,
    Column("shard", SmallInteger, primary_key=True, autoincrement=False),
    Column("place_id", BigInteger, primary_key=True, autoincrement=False),
    Column("unit_id", key_text(), nullable=False),
    Column("unit_parents", JSONB, nullable=False),
)
"""Where units of cases hang: a unit, with the parents that the events of a case name. Few: cases of a kind go the same ways.

Who is bound to units is told which of them lie below these (`tiendo_domain.rules.UnitLines`); cases, holds and shares name theirs, so that the
policies compare numbers, and a change of the tree concerns no row. One row a shard, as of `unit_statements`; none is ever removed."""

faults = Table(
    "faults",
    metadata,
    Column("case_id", key_text(), primary_key=True),
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
    Column("case_id", key_text(), primary_key=True),
    Column(
        "not_before", DateTime(timezone=True)
    ),  # set for a very large case: it is folded again at this instant at the earliest
)
"""Cases to fold again: touched by a new directory fact (T6), or so large that not every event folds them at once.

A row with `not_before` marks the large case: its other rows may lack what came since it was folded last."""

folds = Table(
    "folds",
    metadata,
    Column("case_id", key_text(), primary_key=True),
    Column("shard", SmallInteger, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("revision", BigInteger, nullable=False),
    Index("folds_by_revision", "shard", "revision"),
)
"""When each case was folded last, faulty ones too: what those who pass its state on go by.

`position`: the other rows of the case show at least every event up to it. `revision`: rises within a shard in the order in which folds become
visible, so that a reader who has seen one number has seen everything below it. None of it is part of what the build says of cases."""

CASE_TABLES = (explanations, attributions, holds, aliases, cases, faults)
"""Tables whose rows belong to one case and are replaced whenever it is folded."""
