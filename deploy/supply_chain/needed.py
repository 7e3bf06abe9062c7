"""What packages need, as they are installed here."""

from importlib.metadata import requires

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def needed_by(*wanted: str) -> dict[str, set[str]]:
    """Of each package that `wanted` need, themselves included, those that it needs itself; by normal names, with the extras that are asked for."""
    extras: dict[str, set[str]] = {}
    needs: dict[str, set[str]] = {}
    for name in wanted:
        _walk(canonicalize_name(name), {""}, extras, needs)
    return needs


def _walk(name: str, asked: set[str], extras: dict[str, set[str]], needs: dict[str, set[str]]) -> None:
    if name in needs and asked <= extras[name]:
        return
    extras.setdefault(name, set()).update(asked)
    direct = needs.setdefault(name, set())
    for one in map(Requirement, requires(name) or []):
        if one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in extras[name]):
            direct.add(canonicalize_name(one.name))
            _walk(canonicalize_name(one.name), {"", *one.extras}, extras, needs)
