"""The steps of a monthly list: each is judged, frozen where something is frozen, and becomes a fact of the log.

What a list is made of is read by who sees everything, whoever asks: it says of a unit's officers what is theirs in cases of whatever unit.
Whether the caller may do it for that unit is decided first, by what the caller sees.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, assert_never

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_contracts.publications.publication_bodies import (
    ApproveBody,
    CorrectBody,
    DraftBody,
    OpenBody,
    PublishBody,
    SigningOfficer,
    WithdrawBody,
    plain,
)
from tiendo_contracts.texts.instant_texts import read_instant
from tiendo_domain.monthly_list.listed_content import Content
from tiendo_domain.monthly_list.numbers import ListNumber
from tiendo_domain.monthly_list.public_view import public_view
from tiendo_domain.monthly_list.windows import window_end
from tiendo_domain.monthly_list.workflow import ListState, StepKind, may_follow, states_before
from tiendo_domain.months import Month
from tiendo_domain.names import name_key
from tiendo_event_store.driver import driver_of
from tiendo_event_store.errors import StepTaken
from tiendo_event_store.monthly_lists.appending import NewContent, NewStep, append_step
from tiendo_event_store.monthly_lists.knowledge import knowledge_now
from tiendo_event_store.monthly_lists.list_steps import MonthlyList, lists_of_unit
from tiendo_query.names.known_units import known_subtree, tree_of
from tiendo_query.publications.drafting import decided_since, drafted
from tiendo_query.publications.list_cases import frozen_snapshot
from tiendo_query.publications.list_contents import Approval, digest_of, with_differences
from tiendo_query.publications.seen_lists import SeenList, lists_seen_by, seen_list
from tiendo_query.query_side import QuerySide
from tiendo_query.questions.periods import shown
from tiendo_read_models.queries.periods import Period
from tiendo_runtime.authentication import Caller
from tiendo_runtime.authentication.people import SignedInPerson

_ID_LENGTH: Final = 16


Body = OpenBody | ApproveBody | PublishBody | CorrectBody | WithdrawBody
"""What is sent with a step of a list that is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedStep:
    """A step that the list may take, with all that it freezes; nothing of it is written yet."""

    found: SeenList
    step: NewStep

    @property
    def content(self) -> Content:
        """What the list says with the step."""
        return self.found.content if self.step.frozen is None else self.step.frozen.content


@dataclass(frozen=True, slots=True, kw_only=True)
class Publications:
    """Takes steps for one caller: `seen` shows what the caller sees, `everything` all of it."""

    everything: QuerySide
    seen: QuerySide
    caller: Caller

    async def draft(self, body: DraftBody) -> str:
        """The id of a new list, frozen as known now. Raises the refusal of a unit that is not seen, a month that is not over, a list that is there."""
        month = Month.parse(body.period)
        assert month is not None  # noqa: S101 - the body was checked
        await self._refuse_unseen(body.unit, month)
        async with frozen_snapshot(self.everything) as (snapshot, known):
            before = await lists_of_unit(await driver_of(snapshot.reader.connection), body.unit, month)
            _refuse_second(before)
            version = 1 + max((one.version for one in before), default=0)
            publication_id = _id_of(body.unit, month, version)
            new = await drafted(snapshot, body.unit, month, known, publication_id=publication_id, version=version)
        said = {"known_at": new.content["known_at"], "known_position": known.position}
        await self._take(
            NewStep(
                publication_id=publication_id,
                unit_id=body.unit,
                month=month,
                version=version,
                kind=StepKind.DRAFTED,
                at=known.at,
                expected=max((one.position for one in before), default=0),
                digest=digest_of(new.content),
                said=self._said(said),
                frozen=new,
            )
        )
        return publication_id

    async def refuse_draft(self, body: DraftBody) -> None:
        """Return where the list may be drafted now. Raises what `draft` refuses, without freezing anything."""
        month = Month.parse(body.period)
        assert month is not None  # noqa: S101 - the body was checked
        await self._refuse_unseen(body.unit, month)
        async with lists_seen_by(self.everything) as driver:
            _refuse_second(await lists_of_unit(driver, body.unit, month))

    async def open(self, publication_id: str, body: OpenBody) -> None:
        """Open the draft to explanations. Raises the refusal of another order, or of a time that is too short."""
        await self.take(await self.judged(publication_id, body))

    async def approve(self, publication_id: str, body: ApproveBody) -> None:
        """Approve the list with what was decided since the draft. Raises the refusal of another order, or while the window is open."""
        await self.take(await self.judged(publication_id, body))

    async def publish(self, publication_id: str) -> None:
        """Publish the approved list. Raises the refusal of another order."""
        await self.take(await self.judged(publication_id, PublishBody()))

    async def correct(self, publication_id: str, body: CorrectBody) -> None:
        """Publish the next version, from what is known today. Raises the refusal of another order."""
        await self.take(await self.judged(publication_id, body))

    async def withdraw(self, publication_id: str, body: WithdrawBody) -> None:
        """Withdraw the list, whatever became of it. Raises the refusal of one that is withdrawn."""
        await self.take(await self.judged(publication_id, body))

    async def judged(self, publication_id: str, body: Body) -> JudgedStep:
        """The step as it would be taken now, which `take` takes. Raises every refusal of the step but that another came first."""
        match body:
            case OpenBody():
                return await self._opening(publication_id, body)
            case ApproveBody():
                return await self._approving(publication_id, body)
            case PublishBody():
                return await self._publishing(publication_id)
            case CorrectBody():
                return await self._correcting(publication_id, body)
            case WithdrawBody():
                return await self._withdrawing(publication_id, body)
            case _:
                assert_never(body)

    async def take(self, judged: JudgedStep) -> None:
        """Append the step. Raises the refusal of one before which another came."""
        await self._take(judged.step)

    async def _opening(self, publication_id: str, body: OpenBody) -> JudgedStep:
        found = await self._at(publication_id, StepKind.OPENED)
        at = self.everything.now()
        async with self.everything.snapshot() as snapshot:
            start, end = found.list.month.bounds(snapshot.zone)
            period = Period(start=start, end=end, as_of=end)
            tree = await tree_of(snapshot, period)
            parents = {unit: node.parent for unit, node in tree.nodes.items() if node.parent is not None}
            calendar = snapshot.rules.calendar_of(found.list.unit_id, parents, at.astimezone(snapshot.zone).date())
        days = found.content["window_working_days"]
        least = window_end(at, days, calendar)
        ends_at = shown(least, calendar.zone) if body.window_ends_at is None else body.window_ends_at
        if read_instant(ends_at) < least:
            raise Refusal(
                ProblemKind.PUBLICATION_WINDOW_TOO_SHORT,
                field="window_ends_at",
                values={"least": shown(least, calendar.zone), "days": days},
            )
        return self._judged(
            found, StepKind.OPENED, at, {"window_ends_at": ends_at, "calendar_version": calendar.version_name}
        )

    async def _approving(self, publication_id: str, body: ApproveBody) -> JudgedStep:
        found = await self._at(publication_id, StepKind.APPROVED)
        signer = self._signer(found, body.approved_by)
        ends_at = window_ends_at(found.list)
        now = self.everything.now()
        if now < ends_at:
            raise Refusal(ProblemKind.PUBLICATION_WINDOW_OPEN, values={"until": _window_text(found.list)})
        decided = await knowledge_now(self.everything.engine)
        approval = Approval(decided_until=decided.at, window_ends_at=ends_at)
        async with self.everything.snapshot(heavy=True) as snapshot:
            new = await decided_since(self.everything, snapshot, found.content, decided, approval)
        new = with_differences(new, found.content)
        said = {
            "draft_digest": digest_of(found.content).hex(),
            "decided_until": new.content["decided_until"],
            "decided_position": decided.position,
            "approved_by": signer,
            "document": plain(body.document),
            "legal_basis": body.legal_basis,
        }
        return self._judged(found, StepKind.APPROVED, decided.at, said, frozen=new)

    async def _publishing(self, publication_id: str) -> JudgedStep:
        found = await self._at(publication_id, StepKind.PUBLISHED)
        return self._judged(
            found, StepKind.PUBLISHED, self.everything.now(), _numbered(found.list, found.version, found.content)
        )

    async def _correcting(self, publication_id: str, body: CorrectBody) -> JudgedStep:
        found = await self._at(publication_id, StepKind.CORRECTED)
        signer = self._signer(found, body.approved_by)
        one, version = found.list, found.list.version + 1
        async with frozen_snapshot(self.everything) as (snapshot, known):
            new = await drafted(
                snapshot,
                one.unit_id,
                one.month,
                known,
                publication_id=one.id,
                version=version,
                approval=Approval(decided_until=known.at, window_ends_at=window_ends_at(one)),
            )
        new = with_differences(new, found.content, published=True)
        said = {
            **_numbered(one, version, new.content),
            "corrects": digest_of(found.content).hex(),
            "known_at": new.content["known_at"],
            "known_position": known.position,
            "approved_by": signer,
            "document": plain(body.document),
            "reason": body.reason,
            **({} if body.legal_basis is None else {"legal_basis": body.legal_basis}),
        }
        return self._judged(found, StepKind.CORRECTED, known.at, said, frozen=new, version=version)

    async def _withdrawing(self, publication_id: str, body: WithdrawBody) -> JudgedStep:
        found = await self._at(publication_id, StepKind.WITHDRAWN)
        said = {
            "reason": body.reason,
            "withdrawn_by": plain(body.withdrawn_by),
            "document": plain(body.document),
        }
        told = {name: value for name, value in said.items() if value is not None}
        return self._judged(found, StepKind.WITHDRAWN, self.everything.now(), told)

    async def _refuse_unseen(self, unit_id: str, month: Month) -> None:
        """Raises the refusal of a unit outside of the caller's, and of a month that is not over."""
        async with self.seen.snapshot() as snapshot:
            start, end = month.bounds(snapshot.zone)
            await known_subtree(snapshot, unit_id, Period(start=start, end=end, as_of=end))
            if self.everything.now() < end:
                raise Refusal(
                    ProblemKind.PUBLICATION_MONTH_NOT_OVER, field="period", values={"from_": shown(end, snapshot.zone)}
                )

    async def _at(self, publication_id: str, step: StepKind) -> SeenList:
        """The list, which may take the step. Raises the refusal of one that is not seen, or that may not."""
        found = await seen_list(self.seen, publication_id)
        if not may_follow(step, found.list.state):
            needed = " or ".join(state.value for state in states_before(step))
            values = {"state": found.list.state.value, "needed": needed}
            raise Refusal(ProblemKind.PUBLICATION_STEP_REFUSED, values=values)
        return found

    def _signer(self, found: SeenList, named: SigningOfficer | None) -> Mapping[str, Any] | None:
        """Who answers for the step: of somebody signed in that person, who has not drafted it. Raises the refusal."""
        caller = self.caller
        if not isinstance(caller, SignedInPerson):
            if named is None:
                raise Refusal(
                    ProblemKind.MEMBER_MISSING, field="approved_by", values={"expected": "who approves, with a name"}
                )
            return plain(named)
        drafter = found.list.steps[0].said["entered_by"]
        if drafter == caller.entered_by:
            raise Refusal(ProblemKind.PUBLICATION_BY_DRAFTER)
        if named is not None and name_key(named.name) != name_key(caller.name):
            raise Refusal(ProblemKind.VALUE_INVALID, field="approved_by.name", values={"expected": caller.name})
        given = {} if named is None else (plain(named) or {})
        own = {} if caller.officer_id is None else {"id": caller.officer_id}
        return {**given, **own, "name": caller.name}

    def _said(self, said: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**said, "entered_by": self.caller.entered_by}

    def _judged(
        self,
        found: SeenList,
        kind: StepKind,
        at: datetime,
        said: Mapping[str, Any],
        *,
        frozen: NewContent | None = None,
        version: int | None = None,
    ) -> JudgedStep:
        step = NewStep(
            publication_id=found.list.id,
            unit_id=found.list.unit_id,
            month=found.list.month,
            version=found.list.version if version is None else version,
            kind=kind,
            at=at,
            expected=found.list.position,
            digest=digest_of(found.content if frozen is None else frozen.content),
            said=self._said(said),
            frozen=frozen,
        )
        return JudgedStep(found=found, step=step)

    async def _take(self, step: NewStep) -> None:
        try:
            await append_step(self.everything.engine, step)
        except StepTaken:
            raise Refusal(ProblemKind.PUBLICATION_CHANGED) from None


def window_ends_at(one: MonthlyList) -> datetime:
    """Up to when explanations are, or were, taken; the list was opened."""
    return read_instant(_window_text(one))


def _window_text(one: MonthlyList) -> str:
    opened = one.last(StepKind.OPENED)
    assert opened is not None  # noqa: S101 - what is approved was opened
    return str(opened.said["window_ends_at"])


def _numbered(one: MonthlyList, version: int, content: Content) -> dict[str, str]:
    """What a published version is called, and the digest of what the public sees."""
    number = ListNumber(unit_id=one.unit_id, month=one.month, version=version)
    return {"number": str(number), "public_digest": digest_of(public_view(content)).hex()}


def _id_of(unit_id: str, month: Month, version: int) -> str:
    """The id of a list: its first version is no other list's."""
    return sha256(f"{unit_id}\x00{month}\x00{version}".encode()).hexdigest()[:_ID_LENGTH]


def _refuse_second(before: list[MonthlyList]) -> None:
    for one in before:
        if one.state is not ListState.WITHDRAWN:
            values = {"id": one.id, "state": one.state.value}
            raise Refusal(ProblemKind.PUBLICATION_EXISTS, values=values)
