"""A simulation written to files: the events, and the ground truth beside them. What is there under the final names is whole."""

import gzip
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from tiendo_simulation.conduct import Story
from tiendo_simulation.simulation import Simulation

TRUTH_SUFFIX = ".truth.ndjson"
_UNFINISHED = ".part"
_COMPRESSION = 5
_TOLD_EVERY = 500


def truth_path(out: Path) -> Path:
    """Where the ground truth of the events in `out` stands."""
    return out.with_name(out.name + TRUTH_SUFFIX)


def write_files(simulation: Simulation, out: Path, *, progress: Callable[[int], None]) -> int:
    """How many lines of events were written to `out` (packed if its name ends in .gz); the ground truth stands beside it.

    `progress` is told now and then how many cases are done. The same simulation gives the same files, to the byte.
    Raises OSError where they cannot be written.
    """
    lines = 0
    with ExitStack() as files:
        truth = files.enter_context(_written(truth_path(out)))
        events = files.enter_context(_written(out))
        for line in simulation.delivery().lines(_told(simulation, truth, progress)):
            events.write(line)
            events.write("\n")
            lines += 1
    return lines


def write_told(told: Iterable[tuple[Sequence[str], str]], out: Path, *, progress: Callable[[int], None]) -> int:
    """The same for another format: of each case the lines and the ground truth, as `told`."""
    lines = number = 0
    with ExitStack() as files:
        truth = files.enter_context(_written(truth_path(out)))
        events = files.enter_context(_written(out))
        for number, (of_case, true) in enumerate(told, start=1):
            events.writelines(f"{line}\n" for line in of_case)
            truth.write(f"{true}\n")
            lines += len(of_case)
            if number % _TOLD_EVERY == 0:
                progress(number)
    progress(number)
    return lines


def _told(simulation: Simulation, truth: TextIO, progress: Callable[[int], None]) -> Iterator[Story]:
    for number, told in enumerate(simulation.cases(), start=1):
        truth.write(told.truth)
        truth.write("\n")
        yield told.story
        if number % _TOLD_EVERY == 0 or number == simulation.case_count:
            progress(number)


@contextmanager
def _written(path: Path) -> Iterator[TextIO]:
    """A text file that gets its name only once it is whole."""
    unfinished = path.with_name(path.name + _UNFINISHED)
    try:
        with unfinished.open("wb") as raw, _packed(raw, packed=path.suffix == ".gz") as stream:
            yield stream
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def _packed(raw: BinaryIO, *, packed: bool) -> Iterator[TextIO]:
    if not packed:
        with io.TextIOWrapper(raw, encoding="utf-8", newline="") as stream:
            yield stream
        return
    # No name and no instant in the header: the same events are the same file.
    with (
        gzip.GzipFile(filename="", mode="wb", compresslevel=_COMPRESSION, fileobj=raw, mtime=0) as squeezed,
        io.TextIOWrapper(cast("BinaryIO", squeezed), encoding="utf-8", newline="") as text,
    ):
        yield text
