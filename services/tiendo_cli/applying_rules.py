"""The rules file brought into the log: facts appended for what it changes, and for nothing else (section R)."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_cli.context import entered_by
from tiendo_contracts.rules_file import RulesFileError, RulesFileProblem, events_to_append
from tiendo_contracts.texts.toml_text import TomlInvalid, toml_text
from tiendo_domain.rules import RuleBook
from tiendo_event_store import CoalescingWriter, EventLog
from tiendo_event_store.access_log import AccessEntry, AccessKind, append_entries

Rules = str | Mapping[str, Any]


async def apply_rules_file(engine: AsyncEngine, path: Path, *, refresh_holidays: bool = False) -> list[str]:
    """What the file `path` changed, such as `calendar vn`; nothing when the log says so already.

    Raises:
        RulesFileError: the file is refused as a whole, with everything that is wrong.
        OSError: it cannot be read. LogUnavailable: nothing was changed.
    """
    with naming(path):
        return await apply_rules(engine, _text_of(path), refresh_holidays=refresh_holidays)


@contextmanager
def naming(file: Path | None) -> Iterator[None]:
    """Whatever is wrong with the rules within is told with the name of the file that they come from, where they come from one."""
    try:
        yield
    except RulesFileError as error:
        raise (error if file is None else error.of(str(file))) from None


async def apply_rules(
    engine: AsyncEngine, rules: Rules, *, refresh_holidays: bool = False, dry_run: bool = False
) -> list[str]:
    """The same for the text of a rules file or its parsed tables; of a dry run what it would change, and nothing is."""
    book = await rules_in_force(engine)
    events = events_to_append(rules, book, at=datetime.now(UTC), refresh_holidays=refresh_holidays)
    if events and not dry_run:
        # One transaction for all of them: the file holds as a whole or not at all.
        async with CoalescingWriter(engine, batch_max=len(events)) as writer:
            await writer.append_directory(events)
        await append_entries(engine, [_entry()])
    return [f"{event['type'].split('.')[-2].removesuffix('-defined')} {event['subject']}" for event in events]


def _entry() -> AccessEntry:
    return AccessEntry(
        at=datetime.now(UTC),
        who=entered_by(),
        name=entered_by(),
        kind=AccessKind.RULES,
        subject="rules",
        address="tiendo",
    )


async def rules_in_force(engine: AsyncEngine) -> RuleBook:
    """The rule book as the log has it now."""
    return RuleBook.fold(await EventLog(engine).directory_facts())


def _text_of(path: Path) -> str:
    try:
        return toml_text(path)
    except TomlInvalid as error:
        raise RulesFileError([RulesFileProblem(place="", message=str(error))]) from None
    except UnicodeDecodeError:
        problem = RulesFileProblem(place="", message="the file is not UTF-8 text; save it as UTF-8, as TOML is")
        raise RulesFileError([problem]) from None
