"""Refusals as they are kept: what is wrong and where, without the words, which are those of the day and of the reader."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from tiendo_contracts.problems.problem_documents import problem_document
from tiendo_contracts.problems.problem_kinds import Language, ProblemKind, Refusal, Words

KEPT_FAULTS_MAX = 20
"""How many faults of one event are kept: the answer to its sender told all of them."""

RAW_KEPT: Final = timedelta(days=30)
"""How long the bytes of a refused event are kept; reason and digest stay."""

_REFUSALS = "refusals"


def kept_refusal(refusal: Refusal, *, index: int) -> dict[str, Any]:
    """The JSON-ready form of the refusal of the event at place `index` of its request."""
    return {"index": index, _REFUSALS: [_kept(each) for each in (refusal, *refusal.others)][:KEPT_FAULTS_MAX]}


def told_refusal(kept: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """The problem document of what was kept; also of what was kept as a document, in one language or by language."""
    if _REFUSALS not in kept:
        document = kept.get(language.value, kept)
        return dict(document if isinstance(document, dict) else kept)
    first, *others = (_refusal(each) for each in kept[_REFUSALS])
    whole = Refusal(first.kind, field=first.field, values=first.values, others=others)
    return problem_document(whole, language, index=kept["index"])


def conflicting_position(kept: Mapping[str, Any]) -> int | None:
    """The position of what stands under the key of an event that was refused for that; None where it was refused for something else."""
    for refusal in kept.get(_REFUSALS, ()):
        if refusal["kind"] == ProblemKind.CONFLICT.value:
            return int(refusal["values"]["position"])
    return None


def _kept(refusal: Refusal) -> dict[str, Any]:
    kept: dict[str, Any] = {"kind": refusal.kind.value}
    if refusal.field is not None:
        kept["field"] = refusal.field
    if refusal.values:
        kept["values"] = {name: _kept_value(value) for name, value in refusal.values.items()}
    return kept


def _kept_value(value: object) -> object:
    return {"en": value.en, "vi": value.vi} if isinstance(value, Words) else value


def _refusal(kept: Mapping[str, Any]) -> Refusal:
    values = {name: _value(value) for name, value in kept.get("values", {}).items()}
    return Refusal(ProblemKind(kept["kind"]), field=kept.get("field"), values=values)


def _value(value: object) -> object:
    return Words(en=value["en"], vi=value["vi"]) if isinstance(value, dict) else value
