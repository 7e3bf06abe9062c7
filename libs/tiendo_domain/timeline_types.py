"""The answer of the timeline function: what CONTRACT names in the timeline, as values."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from tiendo_domain.calendar import WorkingCalendar
from tiendo_domain.explanations import ExplanationDecided, ExplanationFiled
from tiendo_domain.facts import Field, Mark, Procedure, Unit
from tiendo_domain.instants import Instant


class Basis(StrEnum):
    """Which instants count (rule T4)."""

    OCCURRED = "occurred"
    RECORDED = "recorded"


class Policy(StrEnum):
    """The published attribution policies (rules A3, A4)."""

    STEP_NORM = "step-norm/1"
    AFTER_DUE = "after-due/1"


class PartyKind(StrEnum):
    """Who can hold a case or bear a share of its lateness."""

    OFFICER = "officer"
    UNIT = "unit"
    APPLICANT = "applicant"
    CONSULTED_UNIT = "consulted-unit"
    SUSPENSION = "suspension"
    UNKNOWN = "unknown"
    ORGANISATION = "organisation"


class State(StrEnum):
    """Where a case stands (rule C)."""

    SUBMITTED = "submitted"
    IN_PROCESS = "in-process"
    WAITING_APPLICANT = "waiting-applicant"
    WAITING_PAYMENT = "waiting-payment"
    SUSPENDED = "suspended"
    CONSULTING = "consulting"
    COMPLETED = "completed"
    DELIVERED = "delivered"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class CaseClass(StrEnum):
    """Late, or only recorded late (rule C)."""

    ON_TIME = "on-time"
    ACTUAL = "actual"
    LATE_ENTRY = "late-entry"
    UNPROVEN = "unproven"
    PAUSE_NOT_RESPECTED = "pause-not-respected"
    LATE_SYNC = "late-sync"


class AnomalyKind(StrEnum):
    """What does not fit in a case's facts (rule C)."""

    OUT_OF_ORDER = "out-of-order"
    MISSING_RECEPTION = "missing-reception"
    MISSING_COMPLETION = "missing-completion"
    FINISH_MOVED_BACK = "finish-moved-back"
    REOPENED = "reopened"
    DEADLINE_MOVED_WITHOUT_REASON = "deadline-moved-without-reason"
    DEADLINE_MOVED_AFTER_DUE = "deadline-moved-after-due"
    SECOND_EXTENSION = "second-extension"
    EXTENSION_IRREGULAR = "extension-irregular"
    RECORDED_AFTER_DUE = "recorded-after-due"
    EVIDENCE_BEFORE_FINISH = "evidence-before-finish"
    ACTED_WHILE_ABSENT = "acted-while-absent"
    TWO_HOLDERS = "two-holders"
    HANDOVER_DURING_PAUSE = "handover-during-pause"
    UNKNOWN_HOLDER = "unknown-holder"
    PLACEHOLDER_HOLDER = "placeholder-holder"
    HOLDER_WITHOUT_ID = "holder-without-id"
    FUTURE_INSTANT = "future-instant"
    DUE_BEFORE_RECEIVED = "due-before-received"
    MISSING_DUE = "missing-due"
    CORRECTION_WITHOUT_TARGET = "correction-without-target"
    SILENT_TAIL = "silent-tail"
    DECIDED_BY_PARTY = "decided-by-party"
    EVIDENCE_TOO_LATE = "evidence-too-late"
    UNIT_NOT_IN_CASE = "unit-not-in-case"
    DECISION_OUTDATED = "decision-outdated"


class DecisionMark(StrEnum):
    """Why a decision does not do all that it says, or no longer fits (rules E1, E2, E4, E5)."""

    DECIDED_BY_PARTY = "decided-by-party"
    EVIDENCE_TOO_LATE = "evidence-too-late"
    UNIT_NOT_IN_CASE = "unit-not-in-case"
    DECISION_OUTDATED = "decision-outdated"


class ExplanationState(StrEnum):
    """What has become of an explanation (rule E6)."""

    PENDING = "pending"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


class UnitName(Struct, frozen=True, kw_only=True):
    """A unit by id and name, as shown beside a party."""

    id: str | None
    name: str | None


class Party(Struct, frozen=True, kw_only=True):
    """Who holds or bears. For kind unit and consulted-unit `id` and `name` are the unit's; for applicant, suspension, organisation all are None.

    `key` tells parties apart, within a case and across cases (rules H3, H11): equal keys, one party. It is text that says nothing to people.
    """

    key: str
    kind: PartyKind
    id: str | None = None
    name: str | None = None
    position: str | None = None
    unit: UnitName | None = None


class StepName(Struct, frozen=True, kw_only=True):
    """A step by id and name."""

    id: str
    name: str | None


class Hold(Struct, frozen=True, kw_only=True):
    """A half-open interval [started_at, ended_at) of a case with one holder; minutes are whole working minutes (rules T2, T3, A2, A6).

    `ended_at` is None for the last hold of an open case. `paused`: the clock stands during the hold. `event_ids` name the events that began and ended it.
    `takes_part`: the hold counts where shares follow overruns (the clock runs, and no restart came after it, rules A1, A3).
    `inferred`: a part of it is not stated by a handover but derived from who worked until when (rule H12).
    `absent`: the unit holds it in place of an officer who is away (rule H10). `marks` are those of its events.
    """

    party: Party
    step: StepName | None
    started_at: Instant
    ended_at: Instant | None
    working_minutes: int
    allotted_minutes: int | None
    overrun_minutes: int | None
    lateness_in_minutes: int | None
    lateness_out_minutes: int | None
    paused: bool
    event_ids: tuple[str, ...]
    takes_part: bool
    inferred: bool = False
    absent: bool = False
    marks: tuple[Mark, ...] = ()


class Attribution(Struct, frozen=True, kw_only=True):
    """One party's share of the lateness in whole working minutes, the rule that put it there and the events it rests on (rule A5).

    `overrun_minutes` is the party's own overrun on which the share rests, over all its holds that take part; None for the organisation.
    `received_by_decision_minutes` of the minutes were moved here by decisions (rule E4).
    """

    party: Party
    minutes: int
    overrun_minutes: int | None
    rule: str
    event_ids: tuple[str, ...]
    received_by_decision_minutes: int = 0


class LateEntryShare(Struct, frozen=True, kw_only=True):
    """One party's part of the working minutes by which a finish in time was entered late (rules C, E2).

    `received_by_decision_minutes` of the minutes were moved here by decisions (rule E4).
    """

    party: Party
    minutes: int
    received_by_decision_minutes: int = 0


class Explanation(Struct, frozen=True, kw_only=True):
    """An explanation of the lateness, by its idempotency key, and what has become of it; `filed_at` as sent (rule E6).

    `party` is whose lateness is explained, as the case names it, if it `had_part`: held the case or bears something in it by rule.
    `entered_by` is who entered it, where the door has said so.
    """

    source: str
    id: str
    filed_at: Instant
    state: ExplanationState
    party: Party
    had_part: bool
    said: ExplanationFiled
    entered_by: str | None = None


class Decision(Struct, frozen=True, kw_only=True):
    """A decision by its idempotency key; `decided_at` as sent, `stands` while nothing later replaces all of it (rules E1, E5)."""

    source: str
    id: str
    decided_at: Instant
    stands: bool
    marks: tuple[DecisionMark, ...]
    said: ExplanationDecided
    entered_by: str | None = None


class Anomaly(Struct, frozen=True, kw_only=True):
    """Something in the facts that does not fit, with the events that show it."""

    kind: AnomalyKind
    event_ids: tuple[str, ...]


class Clock(Struct, frozen=True, kw_only=True):
    """One clock: started, due, ended, and what it counted in whole working minutes; lateness is None without a due."""

    started_at: Instant
    due_at: Instant | None
    ended_at: Instant | None
    working_minutes: int
    lateness_minutes: int | None


class Clocks(Struct, frozen=True, kw_only=True):
    """The three clocks of a case (rule C); None where a clock never started."""

    acceptance: Clock | None
    resolution: Clock | None
    pick_up: Clock | None


class CaseTimeline(Struct, frozen=True, kw_only=True):
    """Who held one case for how long, against which due, and whose share of the lateness is whose.

    `aliases` are the other codes of the case (rule N4).
    `finished_at` is the end of the holds (completed, declined, withdrawn; None while open), `completed_at` the same only for a completion.
    `finish_recorded_at` is when the source recorded that finish. `accepted` says of a late entry whether a named person has accepted it, else None.
    `…_by_rule` is what holds without any decision, `late_entry_party` who held the case at its finish where it was entered late (section E).
    `moved_minutes` are what decisions moved away from a party, by its key, of its share and of its late entry (rule E4).
    `emptied` are the rows by rule of which decisions have left nothing, with 0 minutes: who changed them they name too (rule E1).
    `system_provisional`: the case has no finish on basis recorded, so that `system_lateness_minutes` may grow.
    `silent_from` is when its end becomes silent if nothing happens before (anomaly silent-tail).
    Lateness, overdue and class are None where RULES leave them open.
    """

    case_id: str
    aliases: tuple[str, ...]
    source: str
    unit: Unit | None
    procedure: Procedure | None
    field: Field | None
    channel: str | None
    state: State
    case_class: CaseClass | None
    class_by_rule: CaseClass | None
    accepted: bool | None
    overdue: bool | None
    overdue_by_rule: bool | None
    provisional: bool
    submitted_at: Instant | None
    received_at: Instant | None
    due_at: Instant | None
    due_recomputed_at: Instant | None
    judged_due_at: Instant | None
    completed_at: Instant | None
    finished_at: Instant | None
    finish_recorded_at: Instant | None
    delivered_at: Instant | None
    lateness_minutes: int | None
    lateness_by_rule_minutes: int | None
    system_lateness_minutes: int | None
    system_provisional: bool
    late_entry_minutes: int
    late_entry_by_rule_minutes: int
    late_entry_party: Party | None
    late_entries: tuple[LateEntryShare, ...]
    moved_minutes: Mapping[str, int]
    emptied: tuple[Attribution, ...]
    silent_from: datetime | None
    policy: Policy
    basis: Basis
    as_of: datetime
    calendar: WorkingCalendar
    calendar_version: str
    event_count: int
    last_position: int
    clocks: Clocks
    holds: tuple[Hold, ...]
    attributions: tuple[Attribution, ...]
    attributions_by_rule: tuple[Attribution, ...]
    explanations: tuple[Explanation, ...]
    decisions: tuple[Decision, ...]
    anomalies: tuple[Anomaly, ...]
