"""Named things, as answers show them."""

from tiendo_contracts.answers.common import Named


def named_from(identity: str | None, name: str | None) -> Named | None:
    """Id and name; None where neither is known."""
    return None if identity is None and name is None else Named(id=identity, name=name)
