"""Checkpoints of the log, and proofs by RFC 9162: what anybody may ask for, with no key."""

from pydantic import Field

from tiendo_contracts.answers.common import Answer, InstantText
from tiendo_contracts.answers.log_entries import Hash


class LogCheckpoint(Answer):
    """A signed head of the tree over the log."""

    origin: str = Field(
        description="name of the log and of its key", examples=["tiendo/1b4e28ba-2fa1-11d2-883f-0016d3cca427"]
    )
    size: int = Field(ge=0, description="events that the tree has as leaves")
    root_hash: Hash
    signed_at: InstantText
    note: str = Field(description="the signed note (C2SP tlog-checkpoint), which the text form of this answer is")


class InclusionProof(Answer):
    """What proves that an event is a leaf of a tree (RFC 9162, 2.1.3)."""

    leaf_index: int = Field(ge=0, description="position - 1")
    size: int = Field(ge=1, description="size of the tree")
    leaf_hash: Hash
    hashes: list[Hash] = Field(description="from the leaf up")


class ConsistencyProof(Answer):
    """What proves that a tree begins with a smaller one (RFC 9162, 2.1.4)."""

    from_: int = Field(ge=0, alias="from", description="size of the smaller tree")
    to: int = Field(ge=0, description="size of the larger tree")
    hashes: list[Hash]
