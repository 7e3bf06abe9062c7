"""How many messages came on each topic, and the latest: what can be looked at while thousands flow."""

from collections import Counter
from collections.abc import Iterator, Sequence

from tiendo_cli.topics.message_lines import WatchedRecord, line_of


class RecordTally:
    """Counts messages since it was made, and says so now and then."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._new = 0
        self._latest: WatchedRecord | None = None

    @property
    def count(self) -> int:
        """How many messages there were."""
        return self._counts.total()

    def add(self, received: Sequence[WatchedRecord]) -> None:
        """Count messages."""
        self._counts.update(each.topic for each in received)
        self._new += len(received)
        if received:
            self._latest = received[-1]

    def lines(self) -> Iterator[str]:
        """What to say now; nothing where nothing is new since the last time."""
        if self._new and self._latest is not None:
            counted = ", ".join(f"{topic} {count}" for topic, count in sorted(self._counts.items()))
            yield f"{self._new} new; {counted}"
            yield f"  latest: {line_of(self._latest)}"
        self._new = 0
