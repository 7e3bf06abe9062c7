"""How events reach the log: mixed with those of other cases, some late, some twice.

Memory is bounded: at most `_MIXED_CASES` cases and `_HELD_MAX` late events wait at any time.
"""

from collections.abc import Iterable, Iterator
from random import Random

from tiendo_simulation.conduct import Story
from tiendo_simulation.story_lines import event_lines

LATE_SHARE = 0.01
DUPLICATE_SHARE = 0.005

_MIXED_CASES = 48
_HELD_MAX = 4_000
# Of each held event one in so many is let go at every step, so none waits for ever.
_RELEASED_EVERY = 97


class EventDelivery:
    """Puts the events of stories in the order of their delivery."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._held: list[str] = []

    def lines(self, stories: Iterable[Story]) -> Iterator[str]:
        """The lines to write, duplicates among them."""
        block: list[Story] = []
        for story in stories:
            block.append(story)
            if len(block) == _MIXED_CASES:
                yield from self._block(block)
                block = []
        yield from self._block(block)
        yield from self._held

    def _block(self, block: list[Story]) -> Iterator[str]:
        """The events of a few cases by the instant of their recording, as a server would send them on."""
        entries: list[tuple[int, int, str]] = []
        for story in block:
            for act, line in zip(story.acts, event_lines(story), strict=True):
                recorded = act.minute * 60 + act.second if act.recorded is None else act.recorded
                entries.append((recorded, len(entries), line))
        entries.sort()
        for _, _, line in entries:
            yield from self._delivered(line)

    def _delivered(self, line: str) -> Iterator[str]:
        draw = self._rng.random()
        if draw < LATE_SHARE:
            self._held.append(line)
        else:
            yield line
            if draw > 1 - DUPLICATE_SHARE:
                self._held.append(line)
        if len(self._held) > _HELD_MAX or (self._held and self._rng.randrange(_RELEASED_EVERY) == 0):
            yield self._held.pop(0)
