"""`tiendo access-log` as an auditor runs it: what it lists, and what it and `tiendo log verify` say once somebody has rewritten it."""

import asyncio
import json
from pathlib import Path
from subprocess import CompletedProcess

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.commands import tiendo_on

from tiendo_event_store import EventLog


async def test_what_was_changed_is_listed_and_a_rewritten_log_fails_to_verify(
    owner_engine: AsyncEngine, database_url: str, tmp_path: Path
) -> None:
    run = tiendo_on(database_url, tmp_path)

    async def tiendo(*arguments: str) -> CompletedProcess[str]:
        return await asyncio.to_thread(run, *arguments)

    assert (await tiendo("log", "key")).returncode == 0
    made = json.loads((await tiendo("keys", "create", "--scope", "admin", "--format", "json")).stdout)
    listed = json.loads((await tiendo("access-log", "list", "--kind", "key", "--format", "json")).stdout)
    [entry] = listed["items"]
    assert (entry["subject"], entry["address"]) == (made["key_id"], "vn.tiendo.key.created.v1")
    assert entry["who"].startswith("command-line:")
    done = await tiendo("access-log", "verify")
    assert (done.returncode, done.stdout.startswith("1 entries from 1 on")) == (0, True)
    stored = await EventLog(owner_engine).read_after(0, 1_000)
    assert stored[-1].type == "vn.tiendo.access.head-noted.v1"
    async with owner_engine.begin() as connection:
        await connection.execute(text("ALTER TABLE tiendo.access_log DISABLE TRIGGER ALL"))
        await connection.execute(text("UPDATE tiendo.access_log SET text = replace(text, 'command-line', 'person')"))
    for command in (("access-log", "verify"), ("log", "verify")):
        done = await tiendo(*command)
        assert done.returncode == 1
        assert "entry 1 is not what was written" in done.stderr, done
    findings = json.loads((await tiendo("doctor", "--format", "json")).stdout)["findings"]
    wrong = {finding["subject"]: finding["found"] for finding in findings if finding["verdict"] == "wrong"}
    assert wrong["access log"].startswith("entry 1 is not what")
    assert wrong["guards of the log"].startswith("the trigger access_log_only_grows")
