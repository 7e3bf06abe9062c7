"""Members of the domain's values in tables: each declared once, with its columns, how they are drawn from the value and read back from a row.

A member bears the name of the value's attribute and of the member of answers and messages. What is read back is plain, as these say it.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from operator import itemgetter
from typing import Any, Protocol

from sqlalchemy import Column, DateTime, Text
from sqlalchemy.types import TypeEngine

from tiendo_domain.instants import Instant
from tiendo_domain.timeline_types import Party

Row = tuple[object, ...]
Plain = dict[str, Any]
Stored = Mapping[str, Any]
"""A row by the keys of its columns."""


WITHHELD = "other"
"""The key of a party that a row names by kind and unit alone, because whoever reads it sees the case in part."""


class IdAndName(Protocol):
    """What has an id and a name, either of which may be missing."""

    @property
    def id(self) -> str | None:
        """By which it is told apart."""
        ...

    @property
    def name(self) -> str | None:
        """What it is called."""
        ...


@dataclass(frozen=True, slots=True)
class Part:
    """Columns and where their values are: at the end of the path of attributes from the value; `drawn` makes several of what is there."""

    columns: tuple[Column[Any], ...]
    path: str
    drawn: Callable[[Any], Row] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One member: the parts that hold it, and what it is as a row holds it.

    `given`: the member is no attribute of the value; whoever draws a row gives it by name.
    """

    name: str
    parts: tuple[Part, ...]
    read: Callable[[Stored], Any]
    given: bool = False

    @property
    def columns(self) -> tuple[Column[Any], ...]:
        """The columns that hold it."""
        return tuple(column for part in self.parts for column in part.columns)


def key_text() -> Text:
    """The type of keys: they sort by code point, as rule T1 compares them."""
    return Text(collation="C")


def plain(
    name: str,
    type_: TypeEngine[Any] | type[TypeEngine[Any]],
    *,
    nullable: bool = True,
    primary_key: bool = False,
    column: str | None = None,
    drawn: Callable[[Any], object] | None = None,
    read: Callable[[Any], Any] | None = None,
) -> Member:
    """A member in one column, called `column` where the table calls it otherwise; as it is, or what `drawn` makes of it and `read` makes of that."""
    one = Column(column or name, type_, key=name, nullable=nullable and not primary_key, primary_key=primary_key)
    if primary_key:
        one.autoincrement = False
    value = itemgetter(name)
    return Member(
        name=name,
        parts=(Part((one,), name, None if drawn is None else lambda member: (drawn(member),)),),
        read=value if read is None else lambda row: read(value(row)),
    )


def named(name: str) -> Member:
    """Something by id and name, in `<name>_id` and `<name>_name`; None where neither is known."""
    return Member(
        name=name,
        parts=(_named_part(name, name),),
        read=_named_in(f"{name}_id", f"{name}_name"),
    )


def sent(name: str, *, nullable: bool = True) -> Member:
    """An instant `…_at`: to compare by, and in `…_text` as it is shown: as sent, or computed in the calendar's zone."""
    text = f"{name.removesuffix('_at')}_text"
    compared, shown = Column(name, DateTime(timezone=True)), Column(text, Text)
    parts = (Part((compared,), f"{name}.at"), Part((shown,), f"{name}.text"))
    return Member(
        name=name, parts=(Part((compared, shown), name, _sent),) if nullable else parts, read=itemgetter(text)
    )


def moment(name: str, *, nullable: bool = True) -> Member:
    """A datetime, to compare by."""
    return plain(name, DateTime(timezone=True), nullable=nullable)


def party(name: str, *, prefix: str | None = None, nullable: bool = True) -> Member:
    """A party. `<prefix>_key` alone tells parties apart (rules H3, H11), as `tiendo_domain` made it; the rest is how the party is shown."""
    begins = prefix or name
    columns = [
        Column(f"{begins}_key", key_text(), nullable=nullable),
        Column(f"{begins}_kind", Text, nullable=nullable),
        Column(f"{begins}_id", key_text()),
        Column(f"{begins}_name", Text),
        Column(f"{begins}_position", Text),
    ]
    unit = _named_part(f"{begins}_unit", f"{name}.unit")
    everywhere = [Part((column,), f"{name}.{part}") for column, part in zip(columns, _OF_PARTY, strict=True)]
    return Member(
        name=name,
        parts=(Part((*columns, *unit.columns), name, _party),) if nullable else (*everywhere, unit),
        read=_party_in(begins),
    )


def given(member: Member) -> Member:
    """The member as one that whoever draws a row gives."""
    return replace(member, given=True)


class Members:
    """All members of a table, in the order of its columns; `names` are the columns, `row` draws their values."""

    def __init__(self, *members: Member) -> None:
        parts = [part for member in members for part in member.parts]
        self.columns = [column for part in parts for column in part.columns]
        self.names = tuple(column.name for column in self.columns)
        self.row = _row_of(parts, [member.name for member in members if member.given])
        self._by_name = {member.name: member for member in members}

    def read(self, row: Stored, wanted: Iterable[str]) -> Plain:
        """Of the members those in `wanted`, as the row holds them; names that are no members are passed over."""
        by_name = self._by_name
        return {name: by_name[name].read(row) for name in wanted if name in by_name}

    def selected(self, alias: str, *, without: Collection[str] = ()) -> str:
        """The columns by their keys as a SELECT names them, of the table called `alias`; not those of the members in `without`."""
        left_out = {column for name in without for column in self._by_name[name].columns}
        return ", ".join(
            f"{alias}.{column.name}" + ("" if column.key == column.name else f" AS {column.key}")
            for column in self.columns
            if column not in left_out
        )


def _named_part(prefix: str, path: str) -> Part:
    return Part((Column(f"{prefix}_id", key_text()), Column(f"{prefix}_name", Text)), path, _named)


def _named(thing: IdAndName | None) -> Row:
    return (None, None) if thing is None else (thing.id, thing.name)


def _sent(instant: Instant | None) -> Row:
    return (None, None) if instant is None else (instant.at, instant.text)


def _row_of(parts: Sequence[Part], given: Sequence[str]) -> Callable[..., Row]:
    """The function `row(value, *, <given members>)`: the values of all columns, drawn from the value and what is given beside it.

    It is written out as one tuple, as dataclasses write out their constructors: rows are made for every hold of every case.
    """
    values = []
    for number, part in enumerate(parts):
        place = part.path if part.path in given else f"value.{part.path}"
        values.append(place if part.drawn is None else f"*drawn[{number}]({place})")
    written = f"lambda value{', *, ' if given else ''}{', '.join(given)}: ({', '.join(values)},)"
    row: Callable[..., Row] = eval(written, {"drawn": [part.drawn for part in parts]})  # noqa: S307 - of names in code alone
    return row


_OF_PARTY = ("key", "kind", "id", "name", "position")
_NOBODY: Row = (None,) * 7
_NOWHERE: Row = (None, None)


def _party(of: Party | None) -> Row:
    if of is None:
        return _NOBODY
    unit = of.unit
    return (of.key, of.kind, of.id, of.name, of.position, *(_NOWHERE if unit is None else (unit.id, unit.name)))


@cache
def _named_in(id_column: str, name_column: str) -> Callable[[Stored], Plain | None]:
    def read(row: Stored) -> Plain | None:
        identity, name = row[id_column], row[name_column]
        return None if identity is None and name is None else {"id": identity, "name": name}

    return read


def _party_in(prefix: str) -> Callable[[Stored], Plain | None]:
    parts = [(part, f"{prefix}_{part}") for part in _OF_PARTY]
    unit = _named_in(f"{prefix}_unit_id", f"{prefix}_unit_name")

    def read(row: Stored) -> Plain | None:
        if row[f"{prefix}_kind"] is None:
            return None
        found = {part: row[column] for part, column in parts} | {"unit": unit(row)}
        return found if found["key"] is not None else found | {"key": WITHHELD}

    return read
