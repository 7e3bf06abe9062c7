"""What can be wrong with a rules file.

ValueError
└── RulesFileError        the file is refused as a whole; carries every problem found
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

SHOWN_MAX = 100
"""How many problems of one file the message names; nobody reads more at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesFileProblem:
    """One thing that is wrong: `place` says where (table, number of the entry, key), `message` what, and what would be right.

    `entry`: the table, the number of the entry from 0 and the key, where it is of one entry.
    """

    place: str
    message: str
    entry: tuple[str, int, str | None] | None = None

    @classmethod
    def of_entry(cls, table: str, index: int, key: str | None, message: str) -> Self:
        """What is wrong with an entry, or with one key of it."""
        return cls(place=entry_place(table, index, key), message=message, entry=(table, index, key))

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


class RulesFileError(ValueError):
    """The rules file is refused; nothing of it was applied. `file` is its name, where it has one."""

    def __init__(self, problems: Sequence[RulesFileProblem], file: str | None = None) -> None:
        more = len(problems) - SHOWN_MAX
        shown = [str(problem) if file is None else f"{file}: {problem}" for problem in problems[:SHOWN_MAX]]
        super().__init__("\n".join([*shown, *([f"and {more:,} more"] if more > 0 else [])]))
        self.problems = tuple(problems)
        self.file = file

    def of(self, file: str) -> "RulesFileError":
        """The same of the file of that name."""
        return RulesFileError(self.problems, file)


def entry_place(table: str, index: int, key: str | None = None) -> str:
    """Where an entry stands, counted from 1 as people count: `[[session]] number 2, key "from"`."""
    place = f"[[{table}]] number {index + 1}"
    return place if key is None else f'{place}, key "{key}"'
