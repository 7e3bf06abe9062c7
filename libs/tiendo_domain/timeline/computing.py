"""Putting the timeline together."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from tiendo_domain.case_event import CaseEvent
from tiendo_domain.facts import Mark
from tiendo_domain.rules import RuleBook
from tiendo_domain.timeline.accounts import rows
from tiendo_domain.timeline.anomalies import findings_of, named_anomalies, silent_from
from tiendo_domain.timeline.classes import classify, last_party
from tiendo_domain.timeline.clocks import clocks_of, completion
from tiendo_domain.timeline.counted import known_events
from tiendo_domain.timeline.decisions import AfterDecisions, CaseByRule, after_decisions
from tiendo_domain.timeline.joins import JoinedCase, case_of
from tiendo_domain.timeline.names import EventNames
from tiendo_domain.timeline.on_basis import OnBasis, read_on_basis
from tiendo_domain.timeline.on_record import OnRecord, on_record, on_record_as
from tiendo_domain.timeline.placed import Finding, Placed, instant_of
from tiendo_domain.timeline.policies import AttributionPolicy, HoldFigures, MeasuredCase, policy_used
from tiendo_domain.timeline.shares import Share, attribution_rows, shares_by_rule
from tiendo_domain.timeline_types import Basis, CaseClass, CaseTimeline, Hold, Party, Policy


def case_timeline(
    events: Sequence[CaseEvent],
    rules: RuleBook,
    *,
    as_of: datetime,
    known_at: datetime | None = None,
    basis: Basis = Basis.OCCURRED,
    policy: Policy | None = None,
    code: str | None = None,
    explained_by: datetime | None = None,
) -> CaseTimeline:
    """The timeline of the case whose `events` are given, in any order, as it shows at the aware instant `as_of`.

    Events ingested after `known_at` are left out; `rules` are to be those known then. `policy` None is the default, step-norm/1 where
    it applies; `policy` of the answer names what was used. Where several codes are told of, the events are to be all of theirs, and `code` is
    one of the case meant (rule N4). Explanations and decisions count whatever their `time`, but for one who states as of when: these pass it as
    `explained_by` too (rule E1). Raises ValueError when no event of it is known, or it is not said which of several cases is meant.
    """
    case = case_of(known_events(events, known_at), code)
    if case is None:
        raise ValueError("a timeline is made of the events of one case, of at least one")
    return timeline_of(case, rules, as_of=as_of, basis=basis, policy=policy, explained_by=explained_by)


def timeline_of(
    case: JoinedCase,
    rules: RuleBook,
    *,
    as_of: datetime,
    basis: Basis = Basis.OCCURRED,
    policy: Policy | None = None,
    explained_by: datetime | None = None,
) -> CaseTimeline:
    """The timeline of a case whose events, each once, and codes are known; else as `case_timeline`."""
    events = case.events
    occurred = read_on_basis(events, rules, as_of, Basis.OCCURRED, explained_by)
    recorded = read_on_basis(events, rules, as_of, Basis.RECORDED, explained_by) if basis is Basis.RECORDED else None
    system = on_record(events, rules, as_of, occurred) if recorded is None else on_record_as(recorded)
    return _timeline(case, occurred, recorded or occurred, system, as_of=as_of, basis=basis, policy=policy)


def _timeline(
    joined: JoinedCase,
    occurred: OnBasis,
    reading: OnBasis,
    system: OnRecord,
    *,
    as_of: datetime,
    basis: Basis,
    policy: Policy | None,
) -> CaseTimeline:
    walked, measured = reading.walked, reading.measured
    known = joined.events
    names = EventNames(known)
    case = _measured(reading)
    used = policy_used(policy, case)
    by_rule = _by_rule(occurred, reading, case, used, asked=policy)
    decided = after_decisions(by_rule)
    in_time = decided.in_time and reading is occurred
    attributed = attribution_rows(by_rule.shares, names)
    finish, subject = walked.finish, walked.subject
    return CaseTimeline(
        case_id=joined.case_id,
        aliases=joined.aliases,
        source=_source(known, reading),
        unit=subject.unit,
        procedure=subject.procedure,
        field=subject.field,
        channel=subject.channel,
        state=walked.state,
        case_class=decided.case_class,
        class_by_rule=by_rule.classified.case_class,
        accepted=decided.accepted,
        overdue=False if in_time and decided.case_class is CaseClass.LATE_SYNC else measured.overdue,
        overdue_by_rule=measured.overdue,
        provisional=finish is None,
        submitted_at=instant_of(walked.submitted),
        received_at=instant_of(walked.received),
        due_at=walked.dues.stated,
        due_recomputed_at=walked.dues.recomputed,
        judged_due_at=walked.dues.judged,
        completed_at=completion(walked),
        finished_at=instant_of(finish),
        finish_recorded_at=None if finish is None else finish.recorded_at,
        delivered_at=instant_of(walked.delivered),
        lateness_minutes=0 if in_time else measured.lateness_minutes,
        lateness_by_rule_minutes=measured.lateness_minutes,
        system_lateness_minutes=system.lateness_minutes,
        system_provisional=system.provisional,
        late_entry_minutes=decided.late_entry_minutes,
        late_entry_by_rule_minutes=by_rule.classified.late_entry_minutes,
        late_entry_party=_late_entry_party(by_rule, decided),
        late_entries=decided.late_entries,
        moved_minutes=decided.moved_minutes,
        emptied=attribution_rows(decided.emptied, names),
        silent_from=silent_from(walked),
        policy=used.name,
        basis=basis,
        as_of=as_of,
        calendar=subject.calendar,
        calendar_version=subject.calendar.version_name,
        event_count=joined.event_count,
        last_position=joined.last_position,
        clocks=clocks_of(walked, measured, as_of),
        holds=tuple(_holds(case, used.hold_figures(case), names)),
        attributions=attributed if decided.shares is by_rule.shares else attribution_rows(decided.shares, names),
        attributions_by_rule=attributed,
        explanations=decided.explanations,
        decisions=decided.decisions,
        anomalies=named_anomalies(_findings(reading, decided, as_of), names),
    )


def _findings(reading: OnBasis, decided: AfterDecisions, as_of: datetime) -> Iterator[Finding]:
    yield from reading.counted.findings
    yield from findings_of(reading.walked, as_of, overdue=reading.measured.overdue is True)
    yield from decided.findings


def _measured(reading: OnBasis) -> MeasuredCase:
    measured, walked = reading.measured, reading.walked
    return MeasuredCase(
        lateness_minutes=measured.lateness_minutes,
        holds=measured.holds,
        rows=rows(measured.holds, walked.allotments),
        last_round=walked.last_round,
    )


def _by_rule(
    occurred: OnBasis, reading: OnBasis, case: MeasuredCase, used: AttributionPolicy, *, asked: Policy | None
) -> CaseByRule:
    """What the rules alone say; `asked`: the policy that was asked for, None for the default."""
    shares = shares_by_rule(used, case, reading.walked)
    is_default = reading is occurred and asked is None
    return CaseByRule(
        occurred=occurred,
        classified=classify(occurred.walked, occurred.measured),
        default_shares=shares if is_default else _default_shares(occurred),
        policy=used,
        shares=shares,
        on_occurred=reading is occurred,
    )


def _late_entry_party(by_rule: CaseByRule, decided: AfterDecisions) -> Party | None:
    """Who held the case at its finish, where it was entered late by rule or by decision."""
    entered_late = by_rule.classified.late_entry_minutes or decided.late_entry_minutes
    return last_party(by_rule.occurred.measured) if entered_late else None


def _default_shares(occurred: OnBasis) -> Sequence[Share]:
    """The shares on basis occurred by the default policy, where anything was explained: by these a decision is judged (rules E1, E5)."""
    if not occurred.counted.explanations:
        return ()
    case = _measured(occurred)
    return shares_by_rule(policy_used(None, case), case, occurred.walked)


def _source(known: Sequence[CaseEvent], reading: OnBasis) -> str:
    """The source of the reception, else of the first event that counts, else of any."""
    first = reading.walked.received or next(iter(reading.counted.events), None)
    return min(event.source for event in known) if first is None else first.event.source


def _holds(case: MeasuredCase, figures: Sequence[HoldFigures], names: EventNames) -> list[Hold]:
    holds = []
    for hold, row, figure in zip(case.holds, case.rows, figures, strict=True):
        stretch = hold.stretch
        events = [stretch.began] if stretch.ended is None else [stretch.began, stretch.ended]
        holds.append(
            Hold(
                party=stretch.holder.party,
                step=stretch.step,
                started_at=stretch.started_at,
                ended_at=stretch.ended_at,
                working_minutes=hold.working_minutes,
                allotted_minutes=row.allotted_minutes,
                overrun_minutes=figure.overrun_minutes,
                lateness_in_minutes=figure.lateness_in_minutes,
                lateness_out_minutes=figure.lateness_out_minutes,
                paused=stretch.paused,
                event_ids=names.of_all(events),
                takes_part=case.takes_part(hold),
                inferred=stretch.inferred,
                absent=stretch.absent,
                marks=_marks(events),
            )
        )
    return holds


def _marks(events: Sequence[Placed]) -> tuple[Mark, ...]:
    """What translators said of the events of a hold, each once."""
    said = {mark for placed in events for mark in placed.event.marks}
    return tuple(mark for mark in Mark if mark in said) if said else ()
