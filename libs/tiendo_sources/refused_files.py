"""Files of what was refused of another, in its format: written whole or not at all, the reasons of one thing together."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

REASON = "Lý do"
"""The heading of the column, or the name of the attribute, that says why something was refused."""
_UNFINISHED = ".part"


@contextmanager
def written_whole(path: Path) -> Iterator[IO[bytes]]:
    """A file that is at `path` only once the block has ended without an error."""
    unfinished = path.with_name(path.name + _UNFINISHED)
    try:
        with unfinished.open("wb") as file:
            yield file
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


class Gathered:
    """Gathers the reasons of what comes several times in a row, and hands each thing on once; to be closed with `end`."""

    def __init__(self, hand_on: Callable[[Any, str], None]) -> None:
        self._hand_on = hand_on
        self._waiting: Any = None
        self._reasons: list[str] = []

    def write(self, original: Any, reason: str) -> None:  # noqa: ANN401 - each format's own
        """One more reason; the thing before is handed on if this is another."""
        if original != self._waiting:
            self.end()
            self._waiting = original
        if reason not in self._reasons:
            self._reasons.append(reason)

    def end(self) -> None:
        """Hand the last thing on."""
        if self._waiting is not None:
            self._hand_on(self._waiting, "; ".join(self._reasons))
        self._waiting, self._reasons = None, []


@contextmanager
def gathered(hand_on: Callable[[Any, str], None]) -> Iterator[Gathered]:
    """What gathers reasons for `hand_on`, the last of which is handed on with the end of the block."""
    gathering = Gathered(hand_on)
    yield gathering
    gathering.end()
