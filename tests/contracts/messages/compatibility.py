"""What in a schema breaks a released one: for messages stored before, or for readers who were written before.

A released member never changes in anything but its words. Members that are optional, and types of events, may be added.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]

_WORDS = {"$schema", "$id", "$comment", "$defs", "title", "description", "examples", "deprecated"}
_LOOKED_INTO = {"$ref", "properties", "required", "items", "anyOf", "oneOf", "allOf", "enum", "type"}
_NULL = {"type": "null"}


def breaks(released: Schema, present: Schema) -> list[str]:
    """What the present schema changes that it must not, each with the member's place; empty if it breaks nothing."""
    return list(_Comparison(released=released, present=present).of("", released, present))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Comparison:
    """Two whole documents, in which references are looked up."""

    released: Schema
    present: Schema

    def of(self, place: str, released: Schema, present: Schema) -> Iterator[str]:
        """What breaks at a place and below it."""
        released, present = _resolved(self.released, released), _resolved(self.present, present)
        if _nullable(released) != _nullable(present):
            yield _said(place, f"may {'no longer' if _nullable(released) else 'now'} be null")
        released = _resolved(self.released, _without_null(released))
        present = _resolved(self.present, _without_null(present))
        yield from self._members(place, released, present)
        if "items" in released and "items" in present:
            yield from self.of(f"{place}[]", released["items"], present["items"])
        yield from self._types(place, released, present)
        yield from self._kinds(place, released, present)
        yield from _type(place, released, present)
        yield from _values(place, released, present)
        yield from _other_words(place, released, present)

    def _members(self, place: str, released: Schema, present: Schema) -> Iterator[str]:
        before, now = released.get("properties", {}), present.get("properties", {})
        for name, schema in before.items():
            where = f"{place}.{name}" if place else name
            if name in now:
                yield from self.of(where, schema, now[name])
            else:
                yield _said(where, "was removed; readers rely on it")
        needed, needed_now = set(released.get("required", [])), set(present.get("required", []))
        for name in sorted(needed_now - needed):
            yield _said(f"{place}.{name}" if place else name, "is newly required; messages stored before lack it")
        for name in sorted(needed - needed_now):
            yield _said(f"{place}.{name}" if place else name, "is no longer required; readers rely on it")

    def _types(self, place: str, released: Schema, present: Schema) -> Iterator[str]:
        """What breaks of what is said by type of event."""
        before, now = _by_type(released), _by_type(present)
        for kind, schema in before.items():
            if kind not in now:
                yield _said(place, f"type {kind} is described no more; the log holds events of it for ever")
            else:
                yield from (f"{found} ({kind})" for found in self.of(place, schema, now[kind]))

    def _kinds(self, place: str, released: Schema, present: Schema) -> Iterator[str]:
        """What breaks of objects that a member tells apart; another kind refuses readers of the released schema."""
        before, now = _by_kind(released), _by_kind(present)
        for kind in sorted(before.keys() ^ now.keys()):
            yield _said(place, f"objects of kind {kind} {'came' if kind in now else 'went'}")
        for kind in sorted(before.keys() & now.keys()):
            yield from (f"{found} ({kind})" for found in self.of(place, before[kind], now[kind]))


def _type(place: str, released: Schema, present: Schema) -> Iterator[str]:
    if released.get("type") != present.get("type"):
        yield _said(place, f"its type {released.get('type')} became {present.get('type')}")


def _values(place: str, released: Schema, present: Schema) -> Iterator[str]:
    before, now = released.get("enum"), present.get("enum")
    if (before is None) != (now is None):
        yield _said(place, "its list of values came or went")
        return
    if gone := [str(value) for value in before or [] if value not in (now or [])]:
        yield _said(place, f"values were taken away: {', '.join(gone)}; the log may hold them")
    if come := [str(value) for value in now or [] if value not in (before or [])]:
        yield _said(place, f"values were added: {', '.join(come)}; readers of the released schema refuse them")


def _other_words(place: str, released: Schema, present: Schema) -> Iterator[str]:
    """Patterns, constants, bounds, formats, and whatever else a schema may say: none may change, come or go."""
    before, now = _constraints(released), _constraints(present)
    for word in sorted(before.keys() | now.keys()):
        if before.get(word) != now.get(word):
            yield _said(place, f"{word} changed from {_shown(before.get(word))} to {_shown(now.get(word))}")


def _constraints(schema: Schema) -> dict[str, Any]:
    found = {
        word: value
        for word, value in schema.items()
        if word not in _WORDS | _LOOKED_INTO
        and not word.startswith("x-")
        and not (word == "additionalProperties" and value)
    }
    for word in ("anyOf", "allOf"):
        others = [one for one in schema.get(word, []) if one != _NULL and "if" not in one]
        if others:
            found[word] = others
    return found


def _by_type(schema: Schema) -> dict[str, Schema]:
    """What `allOf` says of each type of event."""
    return {
        kind: one["then"]
        for one in schema.get("allOf", [])
        if "if" in one
        for kind in one["if"]["properties"]["type"]["enum"]
    }


def _by_kind(schema: Schema) -> dict[str, Schema]:
    """What `oneOf` says of each kind of object that a member tells apart, by the name of its schema."""
    return {one.get("$ref", "a value").rsplit("/", 1)[-1]: one for one in schema.get("oneOf", [])}


def _resolved(document: Schema, schema: Schema) -> Schema:
    """The schema with what it refers to in its place."""
    found = schema
    while "$ref" in found:
        name = found["$ref"].rsplit("/", 1)[-1]
        found = {**document["$defs"][name], **{word: value for word, value in found.items() if word != "$ref"}}
    return found


def _nullable(schema: Schema) -> bool:
    return _NULL in schema.get("anyOf", [])


def _without_null(schema: Schema) -> Schema:
    """Of a schema that also takes null, what else it takes."""
    others = [one for one in schema.get("anyOf", []) if one != _NULL]
    if not _nullable(schema) or len(others) != 1:
        return schema
    return {**others[0], **{word: value for word, value in schema.items() if word != "anyOf"}}


def _said(place: str, what: str) -> str:
    return f"{place or 'the message'}: {what}"


def _shown(value: object) -> str:
    return "nothing" if value is None else json.dumps(value, ensure_ascii=False)
