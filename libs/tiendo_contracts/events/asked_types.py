"""The types that the facts of the domain declare, put into the terms of a library that checks what is sent."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from msgspec import Struct

from tiendo_domain.instants import Moment


class Terms:
    """How a library puts an object, one of several objects told apart by a member or a value in their place, a moment, and what is asked beyond a type.

    That is a rule of `member_rules`, or a description.
    """

    def __init__(
        self,
        objects: Callable[[type[Struct]], Any],
        one_of: Callable[[Sequence[type[Struct]], Sequence[Any]], Any],
        moments: Callable[[type[Moment]], Any],
        rules: Callable[[object], Sequence[object]],
    ) -> None:
        self._objects, self._one_of, self._moments, self._rules = objects, one_of, moments, rules

    def of(self, declared: Any) -> Any:  # noqa: ANN401 - any type hint
        """The declared type in the library's terms: JSON arrays are lists, enums are their values."""
        origin = get_origin(declared)
        if origin is Annotated:
            plain, *rules = get_args(declared)
            asked = [each for rule in rules for each in self._rules(rule)]
            return Annotated[(self.of(plain), *asked)] if asked else self.of(plain)
        if origin in {Union, UnionType}:
            return self._union(get_args(declared))
        if origin is tuple:
            return list[self.of(get_args(declared)[0])]  # type: ignore[misc]
        if issubclass(declared, Moment):
            return self._moments(declared)
        if issubclass(declared, Struct):
            return self._objects(declared)
        return Literal[tuple(each.value for each in declared)] if issubclass(declared, StrEnum) else declared

    def _union(self, declared: Sequence[Any]) -> Any:  # noqa: ANN401 - type hints
        objects = [each for each in declared if _is_told_apart(each)]
        others = [each for each in declared if each not in objects]
        if not objects:
            return Union[tuple(self.of(each) for each in declared)]  # noqa: UP007 - of any number
        codes = [self.of(each) for each in others if each is not NoneType]
        found = self._one_of(objects, codes)
        return found | None if NoneType in others else found


def _is_told_apart(declared: Any) -> bool:  # noqa: ANN401 - a type hint
    """Whether it is an object that a member tells from others in its place."""
    return hasattr(declared, "__struct_config__") and declared.__struct_config__.tag_field is not None
