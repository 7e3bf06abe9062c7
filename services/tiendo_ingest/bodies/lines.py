"""NDJSON divided into lines, in memory that one line bounds however long the lines are."""

from tiendo_contracts.events.case_events import EVENT_SIZE_MAX

# One byte over the limit proves a line too long; one more may be the CR before the LF.
LINE_KEPT_MAX = EVENT_SIZE_MAX + 2
_BLANK = b" \t\r"


class LineSplitter:
    """Takes the pieces of a stream and gives its lines; a line over the limit is given cut, still over the limit.

    Lines end with LF or CR LF and with nothing else. Blank lines are left out.
    """

    def __init__(self) -> None:
        self._begun = bytearray()

    def feed(self, piece: bytes) -> list[bytes]:
        """The lines that `piece` completes, without their ends."""
        first, *others = piece.split(b"\n")
        self._begin(first)
        if not others:
            return []
        lines = [bytes(self._begun), *others[:-1]]
        self._begun.clear()
        self._begin(others[-1])
        return [_without_end(line) for line in lines if line.strip(_BLANK)]

    def finish(self) -> list[bytes]:
        """The last line if the stream, which is complete, has no end of line after it; at most one."""
        line = bytes(self._begun)
        self._begun.clear()
        return [_without_end(line)] if line.strip(_BLANK) else []

    def _begin(self, part: bytes) -> None:
        self._begun += part[: LINE_KEPT_MAX - len(self._begun)]


def _without_end(line: bytes) -> bytes:
    return line.removesuffix(b"\r")[: LINE_KEPT_MAX - 1]
