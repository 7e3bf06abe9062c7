"""Commands that do not let themselves be interrupted easily: `python -m tests.cli.stubborn_programs NAME`."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress

import typer

from tiendo_cli.context import complain, run_command

BEGUN = "begun"


def begin() -> None:
    print(BEGUN, flush=True)  # noqa: T201 - for the test that waits for it


async def loses_the_word() -> None:
    begin()
    with suppress(asyncio.CancelledError):
        await asyncio.Event().wait()
    await asyncio.Event().wait()


async def never_comes_back_to_the_loop() -> None:
    begin()
    try:
        while True:
            pass
    finally:
        complain("closed")


async def waits_for_a_thread_without_end() -> None:
    begin()
    await asyncio.to_thread(threading.Event().wait)


async def fails_while_it_closes() -> None:
    begin()
    try:
        await asyncio.Event().wait()
    finally:
        raise ValueError("a fault in closing")


PROGRAMS: dict[str, Callable[[], Coroutine[None, None, None]]] = {
    program.__name__: program
    for program in (
        loses_the_word,
        never_comes_back_to_the_loop,
        waits_for_a_thread_without_end,
        fails_while_it_closes,
    )
}

app = typer.Typer(pretty_exceptions_enable=False)


@app.command()
def main(name: str) -> None:
    """Run one of them as a command of `tiendo` runs."""
    run_command(PROGRAMS[name]())


if __name__ == "__main__":
    app()
