"""Checks of the keys: the secret under which they are stored, and that each is what its facts in the log say."""

import stat
from pathlib import Path
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_cli.diagnosis.findings import CheckFinding, good, wrong
from tiendo_runtime.authentication.sealing import opened_key_store
from tiendo_runtime.errors import KeySecretFault

_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


async def check_keys(engine: AsyncEngine, path: Path) -> list[CheckFinding]:
    """Whether the database's keys can be checked at all, and whether somebody has made or changed one in the table."""
    try:
        store = await opened_key_store(engine, path)
    except KeySecretFault as fault:
        what, _, remedy = str(fault).partition(": ")
        return [wrong("keys", what, remedy)]
    entries = [entry for entry in await store.list() if entry.revoked_at is None]
    contradicted = sorted(entry.key.key_id for entry in entries if not entry.is_sealed)
    if contradicted:
        return [
            wrong(
                "keys",
                f"the database says of {', '.join(contradicted)} what no fact of the log says: somebody wrote into it, and they are refused",
                "find out who, then `tiendo keys revoke KEY_ID`",
            )
        ]
    if _is_readable_by_others(path):
        return [wrong("keys", f"{path} can be read by others", f"chmod 600 {path}")]
    return [good("keys", f"{len(entries)} that may be in use, each as the log says")]


def _is_readable_by_others(path: Path) -> bool:
    return path.exists() and bool(stat.S_IMODE(path.stat().st_mode) & _OTHERS)
