"""A list as an answer."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any, Final

from tiendo_contracts.answers.common import notice_of
from tiendo_contracts.answers.publications import Publication, PublicationSummary
from tiendo_domain.monthly_list.listed_content import PARTS
from tiendo_domain.monthly_list.workflow import ListState, StepKind
from tiendo_event_store import EventLog
from tiendo_event_store.monthly_lists.list_steps import MonthlyList, TakenStep
from tiendo_event_store.proofs.proving import LogProofs
from tiendo_query.publications.seen_lists import SeenList

_NAMING: Final = (*PARTS, "differences", "public_differences", "named_before")


def summary(found: SeenList) -> PublicationSummary:
    """The list by its state."""
    return PublicationSummary.model_validate(_summary(found))


def publication(found: SeenList, proofs: Sequence[Mapping[str, Any]]) -> Publication:
    """One version of a list; of a withdrawn one nobody is named any more."""
    one, content = found.list, dict(found.content)
    gone = one.state is ListState.WITHDRAWN
    if gone:
        content |= dict.fromkeys(content.keys() & _NAMING, ())
    published = one.last(StepKind.PUBLISHED, StepKind.CORRECTED, version=found.version)
    approved = one.last(StepKind.APPROVED, version=found.version)
    return Publication.model_validate(
        {
            **content,
            **_summary(found),
            "notice": notice_of(simulated=content["simulated"]),
            "versions": list(one.versions),
            "draft_digest": None if approved is None else approved.said["draft_digest"],
            "public_digest": None if published is None else published.said["public_digest"],
            "digested": [] if gone else sorted(content),
            "names_removed": gone,
            "steps": [_step(step) for step in one.steps],
            "proofs": proofs,
        }
    )


def _summary(found: SeenList) -> dict[str, Any]:
    one, content = found.list, found.content
    opened = one.last(StepKind.OPENED)
    number = one.number(found.version)
    return {
        "id": one.id,
        "number": None if number is None else str(number),
        "version": found.version,
        "state": one.state,
        "unit": one.unit_id,
        "period": str(one.month),
        "known_at": content["known_at"],
        "decided_until": content["decided_until"],
        "window_ends_at": None if opened is None else opened.said["window_ends_at"],
        "digest": one.content_digest(found.version).hex(),
    }


_OF_EACH: Final = frozenset({"unit", "period", "version", "digest"})


def _step(step: TakenStep) -> dict[str, Any]:
    return {
        "kind": step.kind,
        "version": step.version,
        "position": step.position,
        "at": step.ingested_at.astimezone(UTC).isoformat(),
        "digest": step.digest.hex(),
        "said": {name: value for name, value in step.said.items() if name not in _OF_EACH},
    }


async def proofs_of(one: MonthlyList, log: EventLog, tree: LogProofs) -> list[dict[str, Any]]:
    """The facts of the list, each with the proof that the tree of the last checkpoint holds it."""
    checkpoint = await tree.checkpoint()
    size = 0 if checkpoint is None else checkpoint.size
    return [await _proof(step, log, tree, size) for step in one.steps]


async def _proof(step: TakenStep, log: EventLog, tree: LogProofs, size: int) -> dict[str, Any]:
    [entry] = await log.entries_after(step.position - 1, 1)
    found: dict[str, Any] = {
        "position": step.position,
        "ingested_at": entry.ingested_at.isoformat(),
        "salt": "" if entry.salt is None else entry.salt.hex(),
        "event": json.loads(entry.text),
        "leaf_index": step.position - 1,
        "size": None,
        "leaf_hash": None,
        "hashes": [],
    }
    if step.position <= size:
        proof = await tree.inclusion(step.position, size)
        found |= {"size": size, "leaf_hash": proof.leaf.hex(), "hashes": [one.hex() for one in proof.path]}
    return found
