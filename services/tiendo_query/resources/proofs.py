"""What proves that nothing was changed: checkpoints of the log, and proofs about them. Anybody may ask, with no key: it names nobody."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field

from tiendo_contracts.answers.common import Answer
from tiendo_contracts.answers.log_proofs import ConsistencyProof, InclusionProof, LogCheckpoint
from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal, Words
from tiendo_contracts.proofs.notes import name_of_log
from tiendo_event_store.proofs.checkpoints import StoredCheckpoint
from tiendo_event_store.proofs.proving import LogProofs
from tiendo_query.answering.answers import RETRY_SECONDS, ProofsParameter, documented
from tiendo_query.questions.parameter_refusals import refused
from tiendo_query.questions.parameters import EventPosition, PositionParameter, one_of
from tiendo_query.questions.strict_routes import Parameters, StrictRoute, each_parameter_once

router: Final = APIRouter(
    prefix="/v1/log", tags=["log"], route_class=StrictRoute, dependencies=[Depends(each_parameter_once)]
)

_TEXT: Final = "text/plain; charset=utf-8"
_OPEN: Final = {
    status: answer for status, answer in documented(404, marked=False).items() if status not in {401, 403, 422}
}


class CheckpointParameters(Parameters):
    """In which form."""

    format: Annotated[str, one_of("text", "json")] = Field(
        default="text", description="`text`, the signed note, or `json`", json_schema_extra={"enum": ["text", "json"]}
    )


class InclusionParameters(Parameters):
    """Of which event, in which tree."""

    position: EventPosition = Field(description="position of the event")
    size: EventPosition | None = Field(
        default=None, description="size of the tree; default: that of the last checkpoint"
    )


class ConsistencyParameters(Parameters):
    """Of which two trees."""

    from_: PositionParameter = Field(alias="from", description="size of the smaller tree")
    to: PositionParameter | None = Field(
        default=None, description="size of the larger tree; default: that of the last checkpoint"
    )


@router.get(
    "/checkpoint",
    summary="The signed head of the tree over the log",
    response_model=LogCheckpoint,
    responses={**_OPEN, 200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
    operation_id="read_checkpoint",
)
async def read_checkpoint(log: ProofsParameter, asked: Annotated[CheckpointParameters, Query()]) -> Response:
    """The checkpoint that was signed last: a signed note of C2SP tlog-checkpoint, or with `format=json` what it says. No key is needed."""
    checkpoint = await _last(log)
    if asked.format == "text":
        return Response(checkpoint.note, media_type=_TEXT)
    answer = LogCheckpoint(
        origin=name_of_log(checkpoint.log_id),
        size=checkpoint.size,
        root_hash=checkpoint.root.hex(),
        signed_at=checkpoint.signed_at.isoformat(),
        note=checkpoint.note,
    )
    return _json(answer)


@router.get(
    "/proofs/inclusion",
    summary="The proof that an event is in the log",
    response_model=InclusionProof,
    responses=_OPEN,
    operation_id="prove_inclusion",
)
async def prove_inclusion(log: ProofsParameter, asked: Annotated[InclusionParameters, Query()]) -> Response:
    """The hashes that lead from the event's leaf to the root of a tree (RFC 9162, 2.1.3). No key is needed."""
    last = await _covering(log, asked.size, asked.position)
    size = last.size if asked.size is None else asked.size
    if asked.position > size:
        raise refused(
            "position", Words(en="a position of the tree, up to `size`", vi="vị trí trong cây, không quá `size`")
        )
    proof = await log.inclusion(asked.position, size)
    hashes = [one.hex() for one in proof.path]
    return _json(InclusionProof(leaf_index=asked.position - 1, size=size, leaf_hash=proof.leaf.hex(), hashes=hashes))


@router.get(
    "/proofs/consistency",
    summary="The proof that a tree begins with a smaller one",
    response_model=ConsistencyProof,
    responses=_OPEN,
    operation_id="prove_consistency",
)
async def prove_consistency(log: ProofsParameter, asked: Annotated[ConsistencyParameters, Query()]) -> Response:
    """The hashes that make both roots (RFC 9162, 2.1.4); none from size 0, and for equal sizes. No key is needed."""
    last = await _covering(log, asked.to, asked.from_)
    to = last.size if asked.to is None else asked.to
    if asked.from_ > to:
        raise refused("from", Words(en="a size that is not above `to`", vi="kích thước không lớn hơn `to`"))
    hashes = await log.consistency(asked.from_, to)
    return _json(ConsistencyProof(from_=asked.from_, to=to, hashes=[one.hex() for one in hashes]))


async def _last(log: LogProofs) -> StoredCheckpoint:
    checkpoint = await log.checkpoint()
    if checkpoint is None:
        raise _not_covered(0)
    return checkpoint


async def _covering(log: LogProofs, *sizes: int | None) -> StoredCheckpoint:
    """The last checkpoint, which covers as much as is asked for."""
    last = await _last(log)
    if any(size is not None and size > last.size for size in sizes):
        raise _not_covered(last.size)
    return last


def _not_covered(covered: int) -> Refusal:
    return Refusal(ProblemKind.NOT_COVERED, values={"covered": covered}, headers={"Retry-After": str(RETRY_SECONDS)})


def _json(answer: Answer) -> Response:
    return Response(answer.model_dump_json(by_alias=True), media_type="application/json")
