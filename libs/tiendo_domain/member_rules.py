"""What the door asks of a member of an event beyond its type; declared with the member, in `facts`. What is stored is read without it."""

from typing import Annotated

from msgspec import Struct

ID_LENGTH_MAX = 200
CASE_CODE_LENGTH_MAX = 50
TEXT_LENGTH_MAX = 2_000
STATEMENT_LENGTH_MAX = 4_000
MARKS_MAX = 20
DOCUMENTS_MAX = 50
EFFECTS_MAX = 50


class TextRule(Struct, frozen=True, kw_only=True):
    """What the door asks of a text: `least` to `most` characters, none of them a control or a mark that turns the direction of writing.

    LF and TAB may stand in one that `has_lines`; one that `is_said` is not blank; one that `is_key` is neither blank nor `.` or `..`.
    """

    least: int = 0
    most: int
    has_lines: bool = False
    is_said: bool = False
    is_key: bool = False


class IntegerRule(Struct, frozen=True, kw_only=True):
    """What the door asks of a whole number: at least so much."""

    least: int


class NamedRule(Struct, frozen=True, kw_only=True):
    """The door asks that a unit or a person has an id or a name that is not blank, or one that is to be named `by_name` a name."""

    by_name: bool = False


class ListRule(Struct, frozen=True, kw_only=True):
    """The door asks that a list has at most so many entries."""

    most: int


Key = Annotated[str, TextRule(least=1, most=ID_LENGTH_MAX, is_key=True)]
CaseCode = Annotated[str, TextRule(least=1, most=CASE_CODE_LENGTH_MAX, is_key=True)]
Identifier = Annotated[str, TextRule(most=ID_LENGTH_MAX)]
Text = Annotated[str, TextRule(most=TEXT_LENGTH_MAX)]
SaidText = Annotated[str, TextRule(least=1, most=TEXT_LENGTH_MAX, is_said=True)]
Statement = Annotated[str, TextRule(least=1, most=STATEMENT_LENGTH_MAX, has_lines=True, is_said=True)]
Reason = Annotated[str, TextRule(least=1, most=TEXT_LENGTH_MAX, has_lines=True)]
Minutes = Annotated[int, IntegerRule(least=0)]
