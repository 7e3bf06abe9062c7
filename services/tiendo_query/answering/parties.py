"""Parties and named things, as answers show them."""

from collections.abc import Mapping
from typing import Any, cast

from tiendo_contracts.answers.common import Bearer, Holder, HolderKind, Named
from tiendo_domain.facts import Field, Procedure, Unit
from tiendo_domain.timeline_types import Party, StepName


def named(thing: Unit | Procedure | Field | StepName | None) -> Named | None:
    """Id and name; None where neither is known."""
    return None if thing is None else named_from(thing.id, thing.name)


def named_from(identity: str | None, name: str | None) -> Named | None:
    """Id and name; None where neither is known."""
    return None if identity is None and name is None else Named(id=identity, name=name)


def holder(party: Party) -> Holder:
    """A party that holds."""
    return Holder(
        key=party.key,
        kind=cast("HolderKind", party.kind.value),
        id=party.id,
        name=party.name,
        position=party.position,
        unit=None if party.unit is None else named_from(party.unit.id, party.unit.name),
    )


def bearer(party: Party) -> Bearer:
    """A party that bears a share."""
    return Bearer(
        key=party.key,
        kind=party.kind.value,
        id=party.id,
        name=party.name,
        position=party.position,
        unit=None if party.unit is None else named_from(party.unit.id, party.unit.name),
    )


def holder_of(record: Mapping[str, Any], prefix: str) -> Holder | None:
    """The party in the columns `<prefix>_kind` and so on; None where there is none."""
    if record[f"{prefix}_kind"] is None:
        return None
    return Holder(
        key=record[f"{prefix}_key"],
        kind=record[f"{prefix}_kind"],
        id=record[f"{prefix}_id"],
        name=record[f"{prefix}_name"],
        position=record[f"{prefix}_position"],
        unit=named_from(record[f"{prefix}_unit_id"], record[f"{prefix}_unit_name"]),
    )
