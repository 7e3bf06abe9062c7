"""What the commands share: settings, the database, exit statuses, formats of output.

Exit status 0: done. 1: refused or failed, with the reason on standard error. 2: wrong usage.
"""

import errno
import getpass
import os
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from tiendo_cli.interruption import Interrupted, run_interruptible
from tiendo_cli.terminal import ReaderLeftError, complain, fail, is_terminal, write_no_more
from tiendo_contracts.database.database_roles import OWNER, DatabaseRole

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    from tiendo_runtime.settings import Settings

__all__ = [
    "WITH_PARENT",
    "Context",
    "FormatOption",
    "OutputFormat",
    "complain",
    "ends_with_parent",
    "entered_by",
    "fail",
    "is_terminal",
    "opened",
    "reason_of",
    "run_command",
]

WITH_PARENT = "TIENDO_ENDS_WITH_PARENT"
"""Set for the children of `tiendo up`: they end when their standard input does, which is when the supervisor ends."""

PARENT_SECONDS = 15.0
"""How long a child may take to end after its supervisor."""


_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class OutputFormat(StrEnum):
    """How figures are printed: for programs, or for people."""

    JSON = "json"
    TABLE = "table"


FormatOption = Annotated[OutputFormat, typer.Option("--format", help="json for programs, table for people.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a command works on; `engine` logs in as the role that the command asked for, `url` is the owner's."""

    settings: "Settings"
    url: str
    engine: "AsyncEngine"


@asynccontextmanager
async def opened(*, pool_size: int = 5, role: DatabaseRole = DatabaseRole.COMMAND_LINE) -> AsyncIterator[Context]:
    """The database of the settings, up to date; the embedded one is started for the block if it does not run.

    Rights and policies that somebody has changed stay so: `tiendo doctor` tells them, `tiendo migrate` and the next start put them in order.

    It is worked on as `role`, by default as the command line's own; as the owner by the login that the settings name.
    """
    import tiendo_migrations
    from tiendo_runtime.database import service_engine
    from tiendo_runtime.database_urls import login_url
    from tiendo_runtime.embedded import running_database
    from tiendo_runtime.settings import load_settings

    settings = load_settings()
    async with running_database(settings, progress=complain) as url:
        await tiendo_migrations.upgrade(login_url(url, OWNER), mends=False)
        engine = service_engine(url, role, pool_size=pool_size)
        try:
            yield Context(settings=settings, url=url, engine=engine)
        finally:
            await engine.dispose()


def entered_by() -> str:
    """What names whoever gives a command in the facts and entries that are kept of it: the account under which it runs."""
    try:
        account = getpass.getuser()
    except (KeyError, OSError):
        account = str(os.getuid())
    return f"command-line:{account}"


def run_command(main: Coroutine[Any, Any, int | None]) -> NoReturn:
    """Run a command to its end and exit with its status, 0 for None; what the user can mend is said in one line, status 1."""
    from tiendo_runtime.errors import RuntimeFault
    from tiendo_runtime.journal import configure_journal
    from tiendo_runtime.settings import LogLevel, load_settings

    try:
        settings = load_settings()
    except RuntimeFault as error:
        main.close()
        fail(str(error))
    if settings.log_level is LogLevel.INFO:
        settings = settings.model_copy(update={"log_level": LogLevel.WARNING})
    configure_journal(settings, process="command")
    try:
        status = run_interruptible(main, watch=_watch_parent if ends_with_parent() else None)
    except (typer.Exit, ReaderLeftError, BrokenPipeError):
        raise
    except Interrupted:
        complain("interrupted")
        status = 1
    except Exception as error:  # noqa: BLE001 - the outermost loop; what is a fault of ours is raised again
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            write_no_more()
        fail(*reason_of(error).splitlines())
    raise typer.Exit(status or 0)


def reason_of(error: BaseException) -> str:
    """What went wrong, for the user. Raises the error again if it is a fault of ours."""
    from tiendo_contracts.problems.problem_kinds import Refusal
    from tiendo_event_store.faults import is_denied, is_transient

    if isinstance(error, Refusal):
        from tiendo_contracts.problems.problem_documents import problem_document

        return str(problem_document(error)["detail"])
    if isinstance(error, _mendable()):
        return str(error)
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        return f"what was asked for cannot be written: {error.strerror}"
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    if is_transient(error):
        return f"the database does not answer: {_first_line(error)}"
    if is_denied(error):
        changed = "`tiendo doctor` says who was given or lacks which right, `tiendo migrate` puts rights in order"
        return f"the database denies what a service may do: {_first_line(error)}; {changed}"
    raise error


def _mendable() -> tuple[type[Exception], ...]:
    """The errors whose message is for the user."""
    from tiendo_contracts.rules_file import RulesFileError
    from tiendo_documents.errors import TooLong
    from tiendo_event_store.errors import EventStoreError
    from tiendo_migrations import MigrationError
    from tiendo_read_models.errors import ReadModelError
    from tiendo_runtime.errors import RuntimeFault
    from tiendo_sources.errors import SourceError

    return RuntimeFault, MigrationError, EventStoreError, ReadModelError, SourceError, RulesFileError, TooLong


def _first_line(error: BaseException) -> str:
    cause = getattr(error, "orig", None) or error
    return str(cause).strip().split("\n", 1)[0] or type(cause).__name__


def _watch_parent(interrupt: Callable[[], None]) -> None:
    from tiendo_runtime.worker import watch_parent

    watch_parent(interrupt, limit_seconds=PARENT_SECONDS)


def ends_with_parent() -> bool:
    """Whether this process is a child of `tiendo up`."""
    return bool(os.environ.get(WITH_PARENT))
