"""How a database stands to the migrations of this version."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory


class SchemaState(StrEnum):
    """How a database stands to the code; the value is a word for people."""

    CURRENT = "current"
    BEHIND = "behind"
    NEWER = "newer than the code"


def newest_revision() -> str:
    """The revision that this version brings a database to: the greatest number among the names of the scripts."""
    scripts = (Path(__file__).parent / "versions").glob("r[0-9]*_*.py")
    return max(script.name.partition("_")[0].removeprefix("r") for script in scripts)


def state_of(revision: str | None, scripts: "ScriptDirectory") -> SchemaState:
    """The state of a database at `revision`, None where no migration has run yet."""
    if revision == scripts.get_current_head():
        return SchemaState.CURRENT
    known = {script.revision for script in scripts.walk_revisions()}
    return SchemaState.BEHIND if revision is None or revision in known else SchemaState.NEWER
