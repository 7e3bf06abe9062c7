"""The one way of looking: period, unit, instant, basis and policy, as the bar of a page chose them. They live in the address and follow along every link."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import date, time, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from pydantic import Field, model_validator

from tiendo_domain.instants import Instant
from tiendo_domain.timeline_types import Basis
from tiendo_query.pages.form_parameters import FormParameters
from tiendo_query.questions.parameters import (
    BasisParameter,
    DayParameter,
    InstantParameter,
    PolicyParameter,
    TextParameter,
)

Own = str | int | bool | date | Instant | None
"""What a link asks for besides the way of looking; None: that it does not carry it."""

_PLACE_IN_A_LIST: Final = frozenset({"cursor", "page"})
_LOCAL: Final = "as_of_local"
_OFFSET: Final = "as_of_offset"
_WITH_SECONDS: Final = 2
_ADDRESS_NAMES: Final = {"from_": "from"}


class LookingParameters(FormParameters):
    """What the bar chooses; every page takes all of it, so that no link has to leave anything behind."""

    from_: DayParameter = Field(default=None, alias="from")
    to: DayParameter = None
    unit: TextParameter = None
    as_of: InstantParameter = None
    basis: BasisParameter = Basis.OCCURRED.value
    policy: PolicyParameter = None

    @model_validator(mode="before")
    @classmethod
    def _clock_of_a_form_read(cls, values: object) -> object:
        """The fields by which forms give an instant: a local clock, and the offset of the zone that it is meant in."""
        if not isinstance(values, dict) or not values.keys() & {_LOCAL, _OFFSET}:
            return values
        kept = {name: value for name, value in values.items() if name not in {_LOCAL, _OFFSET}}
        local, offset = str(values.get(_LOCAL, "")).strip(), str(values.get(_OFFSET, "")).strip()
        if not local:
            return kept
        seconds = "" if local.count(":") == _WITH_SECONDS else ":00"
        return {**kept, "as_of": f"{local}{seconds}{offset}"}

    @property
    def looking(self) -> "Looking":
        """The same, to make links with."""
        return Looking(
            from_=self.from_,
            to=self.to,
            unit=self.unit,
            as_of=None if self.as_of is None or self.ends_the_period else self.as_of.text,
            basis=None if self.basis == Basis.OCCURRED.value else self.basis,
            policy=self.policy,
        )

    @property
    def ends_the_period(self) -> bool:
        """Whether the instant is the end of the period, which shows it by itself: links to another period must not keep it."""
        if self.as_of is None or self.to is None:
            return False
        local = self.as_of.at
        return local.timetz().replace(tzinfo=None) == time() and local.date() == self.to + timedelta(days=1)

    @property
    def own(self) -> dict[str, Own]:
        """What the page is asked besides, without which page of a list: forms and links to the same page keep it."""
        members = type(self).model_fields
        names = members.keys() - LookingParameters.model_fields.keys() - _PLACE_IN_A_LIST
        named = {members[name].alias or name: getattr(self, name) for name in sorted(names)}
        return {name: value for name, value in named.items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """What was chosen; None: what a page shows of itself. `as_of` is an instant as it was written."""

    from_: date | None = None
    to: date | None = None
    unit: str | None = None
    as_of: str | None = None
    basis: str | None = None
    policy: str | None = None

    def link(self, path: str, **own: Own) -> str:
        """The address of a page, which is looked at in the same way; `own` is what it is asked besides, or otherwise. The one way links are made.

        A name of `own` ends in `_` where Python has taken it (`from_`). Of `as_of` an `Instant` stands as it was written.
        """
        query = {**self.members, **{name.rstrip("_"): value for name, value in own.items()}}
        told = {name: text_of(value) for name, value in query.items() if value is not None}
        return f"{path}?{urlencode(told)}" if told else path

    @property
    def members(self) -> dict[str, Own]:
        """What was chosen, by the names that stand in addresses."""
        named = ((_ADDRESS_NAMES.get(one.name, one.name), getattr(self, one.name)) for one in fields(self))
        return {name: value for name, value in named if value is not None}

    @property
    def kept(self) -> Iterator[tuple[str, str]]:
        """The same, as forms keep it that choose something else."""
        return ((name, text_of(value)) for name, value in self.members.items())

    def but(self, **other: Any) -> "Looking":  # noqa: ANN401 - the members of this class
        """The same, of which `other` is otherwise."""
        return replace(self, **other)


def text_of(value: Own) -> str:
    """The value as it stands in an address or a form."""
    match value:
        case bool():
            return "true" if value else "false"
        case date():
            return value.isoformat()
        case Instant():
            return value.text
        case _:
            return str(value)


def local_clock(instant: str | None) -> str:
    """The instant by its own clock, as a field of a form takes it; empty without one."""
    return "" if instant is None else instant[: len("2022-08-25T17:00")].upper()
