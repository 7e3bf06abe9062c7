"""The addresses of the work list of late entries, and of evidence for many cases at once."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Final

import orjson
from fastapi import Query, Request, Response
from fastapi.responses import RedirectResponse

from tiendo_contracts.problems.problem_documents import detail_in_words
from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_domain.months import Month
from tiendo_query.answering.answers import query_side_of
from tiendo_query.desk.evidence_batch import BatchFault, CheckedBatch, checked_batch
from tiendo_query.desk.late_entry_work import late_entry_work
from tiendo_query.names.known_units import tree_of
from tiendo_query.pages.bar import Choice, ChoiceBar, presets_at, units_of
from tiendo_query.pages.desk_visitors import evidence_giver
from tiendo_query.pages.framing import frame_of_now
from tiendo_query.pages.late_entries.parameters import LateEntriesParameters
from tiendo_query.pages.late_entries.sent_evidence import SentEvidence, sent_evidence
from tiendo_query.pages.late_entries.view import (
    FaultRow,
    LateEntriesView,
    SecondStepView,
    candidate_rows,
    day_or_moment,
    fault_rows,
    missing_of_decision,
    ready_views,
    told_effects,
)
from tiendo_query.pages.looking import Looking
from tiendo_query.pages.page_routes import OneVisitor, page_router
from tiendo_query.pages.rendering import rendered
from tiendo_query.pages.sent_forms import UNPROCESSABLE
from tiendo_query.query_side import Snapshot
from tiendo_query.questions.latest_days import last_day
from tiendo_query.questions.periods import asked_period
from tiendo_runtime.authentication import Scope
from tiendo_runtime.authentication.people import SignedInPerson
from tiendo_runtime.web.explanation_intake import explanation_intake_of

router: Final = page_router()
ADDRESS: Final = "/desk/late-entries"


@router.get(ADDRESS)
async def late_entries(
    request: Request, session: OneVisitor, asked: Annotated[LateEntriesParameters, Query()]
) -> Response:
    """The candidates of the month, or of the period chosen, with what is missing of each."""
    return await _page(request, evidence_giver(session), asked, SentEvidence())


@router.post(ADDRESS)
async def send_evidence(request: Request, session: OneVisitor) -> Response:
    """What the evidence would do, row by row, once all of it is right; once confirmed it is sent."""
    person = evidence_giver(session)
    side = query_side_of(request, person.sight)
    async with side.snapshot() as snapshot:
        zone = snapshot.zone
    sent = await sent_evidence(request, zone)
    asked = LateEntriesParameters.model_validate(sent.looking)
    if sent.fault is not None or sent.step == "edit":
        return await _page(request, person, asked, sent)
    missing = missing_of_decision(sent.fields) if Scope.DECIDE in person.scopes else []
    if missing:
        return await _page(request, person, asked, sent, missing)
    now = side.now()
    async with side.snapshot(heavy=True) as snapshot:
        checked = await checked_batch(side, snapshot, sent.batch(person), now)
        frame = frame_of_now(snapshot, person, now, simulated=False, looking=asked.looking)
    if checked.faults:
        faults = fault_rows(checked.faults, of_file=sent.of_file)
        return await _page(request, person, asked, sent, faults)
    if not checked.ready:
        return _back(asked, checked.said, 0)
    was_shown = sent.fields.get("figures") == sent.figures(checked)
    if sent.step != "confirmed" or not was_shown:
        view = _second_step(checked, sent, person, changed=sent.step == "confirmed" and not was_shown)
        return rendered(request, "late_entries/second.html", frame, view)
    return await _sent(request, person, asked, sent, checked)


async def _sent(
    request: Request,
    person: SignedInPerson,
    asked: LateEntriesParameters,
    sent: SentEvidence,
    checked: CheckedBatch,
) -> Response:
    events = [orjson.loads(one.unsent.text) for one in checked.ready]
    taken = await explanation_intake_of(request).take_all(person, events, address=ADDRESS)
    # What the log has under the id already was sent by this very form.
    refused = [
        BatchFault(row=ready.row, column=None, words=detail_in_words(one))
        for one, ready in zip(taken, checked.ready, strict=True)
        if isinstance(one, Refusal) and one.kind is not ProblemKind.CONFLICT
    ]
    if refused:
        return await _page(request, person, asked, sent, fault_rows(refused, of_file=sent.of_file))
    position = max((one for one in taken if isinstance(one, int)), default=0)
    return _back(asked, len(checked.ready) + checked.said, position)


def _back(asked: LateEntriesParameters, count: int, position: int) -> Response:
    """To the list, once it knows what was sent."""
    return RedirectResponse(asked.looking.link(ADDRESS, sent=count, min_position=position), status_code=303)


def _second_step(checked: CheckedBatch, sent: SentEvidence, person: SignedInPerson, *, changed: bool) -> SecondStepView:
    rows = ready_views(checked)
    decides = Scope.DECIDE in person.scopes
    return SecondStepView(
        rows=rows,
        decides=decides,
        fields=sent.kept(checked),
        effects=told_effects(rows, decides=decides),
        document=(sent.fields.get("document_number", ""), day_or_moment(sent.fields.get("document_signed", ""))),
        changed=changed,
    )


async def _page(
    request: Request,
    person: SignedInPerson,
    asked: LateEntriesParameters,
    sent: SentEvidence,
    faults: list[FaultRow] | None = None,
) -> Response:
    side = query_side_of(request, person.sight)
    now = side.now()
    async with side.snapshot(min_position=asked.min_position, heavy=True) as snapshot:
        start, end = await _days(snapshot, asked, now)
        work = await late_entry_work(side, snapshot, person, (start, end), asked.unit, asked.cursor, now)
        tree = await tree_of(snapshot, asked_period(start, end, as_of=None, now=now, zone=snapshot.zone).period)
        bar = ChoiceBar(
            answers=frozenset({Choice.PERIOD, Choice.UNIT}),
            start=start,
            end=end,
            presets=presets_at(end),
            unit_path=None if asked.unit is None else tree.path(asked.unit),
            units=units_of(tree, asked.unit),
        )
        frame = frame_of_now(snapshot, person, now, simulated=work.simulated, looking=asked.looking, bar=bar)
    looking = asked.looking.but(from_=start, to=end)
    view = LateEntriesView(
        start=start,
        end=end,
        rows=candidate_rows(work, sent.values),
        first=None if work.page.is_first else looking.link(ADDRESS),
        previous=None if work.page.previous is None else looking.link(ADDRESS, cursor=work.page.previous),
        following=None if work.page.next is None else looking.link(ADDRESS, cursor=work.page.next),
        decides=Scope.DECIDE in person.scopes,
        fields=sent.fields,
        kept=_kept(looking, asked),
        faults=faults or (),
        fault=sent.fault,
        sent=asked.sent,
    )
    page = rendered(request, "late_entries/page.html", frame, view)
    page.status_code = UNPROCESSABLE if faults or sent.fault is not None else page.status_code
    return page


def _kept(looking: Looking, asked: LateEntriesParameters) -> Mapping[str, str]:
    """What the forms send along, so that the page is looked at as before."""
    return {**dict(looking.kept), **({} if asked.cursor is None else {"cursor": asked.cursor})}


async def _days(snapshot: Snapshot, asked: LateEntriesParameters, now: datetime) -> tuple[date, date]:
    """The days asked for; without them the month of the last day on which anything happened."""
    if asked.from_ is not None and asked.to is not None:
        return asked.from_, asked.to
    month = Month.of(asked.to or await last_day(snapshot, now=now, unit=asked.unit))
    return asked.from_ or month.start, asked.to or month.end
