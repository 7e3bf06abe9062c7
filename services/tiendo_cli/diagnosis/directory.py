"""Checks of the directory as events tell it: whether an officer's id is one person's."""

from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_cli.applying_rules import rules_in_force
from tiendo_cli.diagnosis.findings import CheckFinding, good, warning
from tiendo_read_models.builds import reading
from tiendo_read_models.errors import NoLiveBuild
from tiendo_read_models.queries.directory import officers_of_several_names

_SHOWN_MAX: Final = 5
_REMEDY: Final = "ask who sends them which name is right; minutes of two people under one id are added up as one person's until it is mended"


async def check_directory(engine: AsyncEngine) -> list[CheckFinding]:
    """Whether every officer's id bears one name; a finding of its own for the first few that do not."""
    rules = await rules_in_force(engine)
    try:
        async with reading(engine) as reader:
            found = await officers_of_several_names(reader.connection, reader.build, rules)
    except NoLiveBuild:
        return []  # the projection's own finding says so
    if not found:
        return [good("officers", "every id bears one name")]
    shown = [
        warning("officers", f"the id {officer_id} bears {len(names)} names: {', '.join(names)}", _REMEDY)
        for officer_id, names in list(found.items())[:_SHOWN_MAX]
    ]
    rest = len(found) - len(shown)
    return (
        [*shown, warning("officers", f"{rest} further ids bear several names", "tiendo officers --limit 0")]
        if rest
        else shown
    )
