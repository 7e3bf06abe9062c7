"""Putting the timeline together."""

from collections.abc import Sequence
from datetime import datetime

from tiendo_domain.facts import CaseEvent, Mark
from tiendo_domain.rules import RuleBook
from tiendo_domain.timeline.accounts import rows
from tiendo_domain.timeline.anomalies import findings_of, named_anomalies, silent_from
from tiendo_domain.timeline.classes import classify
from tiendo_domain.timeline.clocks import clocks_of, completion
from tiendo_domain.timeline.counted import known_events
from tiendo_domain.timeline.joins import JoinedCase, case_of
from tiendo_domain.timeline.names import EventNames
from tiendo_domain.timeline.on_basis import OnBasis, read_on_basis
from tiendo_domain.timeline.on_record import OnRecord, on_record, on_record_as
from tiendo_domain.timeline.placed import Placed, instant_of
from tiendo_domain.timeline.policies import HoldFigures, MeasuredCase, policy_used
from tiendo_domain.timeline.shares import attribution_rows
from tiendo_domain.timeline_types import Basis, CaseTimeline, Hold, Policy


def case_timeline(
    events: Sequence[CaseEvent],
    rules: RuleBook,
    *,
    as_of: datetime,
    known_at: datetime | None = None,
    basis: Basis = Basis.OCCURRED,
    policy: Policy | None = None,
    code: str | None = None,
) -> CaseTimeline:
    """The timeline of the case whose `events` are given, in any order, as it shows at the aware instant `as_of`.

    Events ingested after `known_at` are left out; `rules` are to be those known then. `policy` None is the default, step-norm/1 where
    it applies; `policy` of the answer names what was used. Where several codes are told of, the events are to be all of theirs, and `code` is
    one of the case meant (rule N4). Raises ValueError when no event of it is known, or it is not said which of several cases is meant.
    """
    case = case_of(known_events(events, known_at), code)
    if case is None:
        raise ValueError("a timeline is made of the events of one case, of at least one")
    return timeline_of(case, rules, as_of=as_of, basis=basis, policy=policy)


def timeline_of(
    case: JoinedCase, rules: RuleBook, *, as_of: datetime, basis: Basis = Basis.OCCURRED, policy: Policy | None = None
) -> CaseTimeline:
    """The timeline of a case whose events, each once, and codes are known; else as `case_timeline`."""
    events = case.events
    occurred = read_on_basis(events, rules, as_of, Basis.OCCURRED)
    recorded = read_on_basis(events, rules, as_of, Basis.RECORDED) if basis is Basis.RECORDED else None
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
    case = MeasuredCase(
        lateness_minutes=measured.lateness_minutes,
        holds=measured.holds,
        rows=rows(measured.holds, walked.allotments),
        last_round=walked.last_round,
    )
    used = policy_used(policy, case)
    classified = classify(occurred.walked, occurred.measured)
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
        case_class=classified.case_class,
        accepted=classified.accepted,
        overdue=measured.overdue,
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
        lateness_minutes=measured.lateness_minutes,
        system_lateness_minutes=system.lateness_minutes,
        system_provisional=system.provisional,
        late_entry_minutes=classified.late_entry_minutes,
        late_entry_party=classified.late_entry_party,
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
        attributions=attribution_rows(used, case, walked, names),
        anomalies=named_anomalies(
            [*reading.counted.findings, *findings_of(walked, as_of, overdue=measured.overdue is True)], names
        ),
    )


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
