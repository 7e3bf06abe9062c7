"""The one way from a command to whoever reads it: standard output for what was asked for, standard error for everything else.

Text for people passes through `visible`; JSON and CSV go out as they are (`emit`), for they have escapes of their own.
"""

import os
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING, Final, NoReturn

import typer

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.progress import Progress, ProgressColumn

PIPED_WIDTH: Final = 160
"""A pipe has no width of its own (unless COLUMNS says one); tables need room for names."""
_WIDTH_MIN: Final = 20
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Categories of characters that a terminal obeys, or that change what others look like: controls, formats (bidi), separators of lines."""


class ReaderLeftError(Exception):
    """Whoever read standard output has seen enough: nothing failed, and nothing more is to be said."""


def visible(text: str) -> str:
    """The text with every control, formatting and line-separating character written out, such as `<U+202E>`."""
    if text.isprintable():
        return text
    return "".join(
        f"<U+{ord(character):04X}>" if unicodedata.category(character) in _INVISIBLE else character
        for character in text
    )


def say(line: str = "", *, sign: tuple[str, str] | None = None) -> None:
    """Print one line for people on standard output; before it a sign in a colour, where there are colours."""
    if sign is not None:
        mark, colour = sign
        line, before = visible(line), typer.style(mark, fg=colour) if sys.stdout.isatty() else mark
        emit(f"{before} {line}\n")
        return
    emit(visible(line) + "\n")


def emit(text: str) -> None:
    """Print the text on standard output as it is. Raises ReaderLeftError."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise ReaderLeftError from None


def emit_line(text: str) -> None:
    """Print the text and the end of the line on standard output, as it is: JSON and whatever programs read."""
    emit(text + "\n")


@contextmanager
def binary_output() -> Iterator[IO[bytes]]:
    """Standard output for bytes, written out at the end of the block. Raises ReaderLeftError."""
    try:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise ReaderLeftError from None


def show(*renderables: "RenderableType") -> None:
    """Print tables and pictures, as wide as the terminal or COLUMNS; what they hold has to be visible already."""
    console = _console()
    with console.capture() as captured:
        for renderable in renderables:
            console.print(renderable)
    emit(captured.get())


def complain(line: str) -> None:
    """Print one line on standard error; whether anybody reads it changes nothing."""
    with suppress(BrokenPipeError):
        sys.stderr.write(visible(line) + "\n")
        sys.stderr.flush()


def fail(*lines: str) -> NoReturn:
    """End the program with status 1 and the reason on standard error."""
    for number, line in enumerate(lines):
        complain(line if number else f"tiendo: {line}")
    raise typer.Exit(1)


def is_terminal() -> bool:
    """Whether a person watches: progress bars only then."""
    return sys.stderr.isatty()


def progress_bar(*columns: "ProgressColumn") -> "Progress":
    """A progress bar on standard error where a person watches, and nothing elsewhere."""
    from rich.console import Console
    from rich.progress import Progress

    return Progress(*columns, console=Console(stderr=True, markup=False, emoji=False), disable=not is_terminal())


@contextmanager
def ended_when_nobody_reads() -> Iterator[None]:
    """Ends the program quietly, with status 0, when whoever read standard output is gone (`| head`)."""
    try:
        yield
    except (ReaderLeftError, BrokenPipeError, SystemExit) as ended:
        # Where help is printed, `rich` turns the broken pipe into an end with status 1.
        if isinstance(ended, SystemExit) and not isinstance(ended.__context__, BrokenPipeError):
            raise
        write_no_more()
        raise typer.Exit(0) from None


def write_no_more() -> None:
    """What is still to be flushed at the end goes where everything is taken."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _console() -> "Console":
    from rich.console import Console

    console = Console(markup=False, highlight=False, emoji=False)
    asked = os.environ.get("COLUMNS", "")
    if not console.is_terminal and not asked.isdigit():
        console.width = PIPED_WIDTH
    console.width = max(console.width, _WIDTH_MIN)
    return console
