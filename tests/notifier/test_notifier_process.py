"""The notifier as a process of its own, and what its operators do and are told."""

import json
import os
import signal
import stat
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine
from tests.commands import tiendo_on
from tests.notifier.receiver import Receiver, receiving
from tests.notifier.test_webhooks import kept, published, steps
from tests.preloaded.commands import begun_tiendo, tiendo_beside
from tests.waiting import until

from tiendo_cli.diagnosis.findings import Verdict
from tiendo_cli.diagnosis.webhooks import check_webhooks
from tiendo_event_store.deliveries.webhook_deliveries import DeliveryState
from tiendo_runtime.settings import load_settings


def listed(receiver: Receiver, folder: Path) -> Path:
    """The file that lists the receiver."""
    target = receiver.target(folder)
    path = folder / "webhooks.toml"
    path.write_text(
        f'[[webhook]]\nname = "here"\nurl = "{target.webhook.url}"\nsecret_file = "{target.secret_path.name}"\n'
    )
    return path


async def test_a_process_tells_what_happens_and_ends_in_order(
    engine: AsyncEngine, database_url: str, tmp_path: Path
) -> None:
    async with receiving() as receiver:
        environment = {
            **os.environ,
            "TIENDO_DATABASE_URL": database_url,
            "TIENDO_DATA": str(tmp_path),
            "TIENDO_WEBHOOKS": str(listed(receiver, tmp_path)),
        }
        await published(engine, "H34.X")  # before the webhook was there
        process = await begun_tiendo("serve", "notifier", environment=environment)
        try:
            await until(lambda: _began(engine), what="the notifier has begun")
            [fact] = await published(engine, "H34.X", kind="withdrawn")
            await until(lambda: receiver.ids == [fact["id"]], what="the fact arrives")
            process.send_signal(signal.SIGTERM)
            await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
        assert process.returncode == 0
        tried = await tiendo_beside("webhooks", "try", "here", environment=environment)
        assert (tried.returncode, receiver.received[-1].is_signed) == (0, True), tried.stderr
        shown = await tiendo_beside("webhooks", "list", "--format", "json", environment=environment)
    [row] = json.loads(shown.stdout)["deliveries"]
    assert (row["event_id"], row["state"], row["status"]) == (fact["id"], "delivered", 204)


async def _began(engine: AsyncEngine) -> bool:
    async with engine.connect() as connection:
        found = await connection.exec_driver_sql("SELECT count(*) FROM tiendo.webhook_progress")
    return bool(found.scalar_one())


async def test_operators_are_told_what_was_given_up_and_try_it_again(
    engine: AsyncEngine, owner_engine: AsyncEngine, database_url: str, tmp_path: Path
) -> None:
    run = tiendo_on(database_url, tmp_path)
    async with receiving() as receiver:
        target = receiver.target(tmp_path)
        settings = load_settings(webhooks=listed(receiver, tmp_path), data=tmp_path)
        await steps(owner_engine, target)
        [good] = await check_webhooks(owner_engine, settings)
        assert good.verdict is Verdict.GOOD
        await published(engine, "H34.X")
        receiver.answers.append((410, []))
        await steps(owner_engine, target)
        [wrong] = await check_webhooks(owner_engine, settings)
        assert wrong.verdict is Verdict.WRONG
        assert "1 were given up" in wrong.found

        shown = run("webhooks", "list", "--state", "dead")
        assert "given up after 1 attempts: answered 410 Gone" in shown.stdout
        assert run("webhooks", "resend", "there").returncode == 1
        assert run("webhooks", "resend", "here").returncode == 0
        await steps(owner_engine, target)
    assert [one.state for one in await kept(owner_engine)] == [DeliveryState.DELIVERED]


def test_a_new_secret_is_for_its_owner_alone_and_overwrites_nothing(database_url: str, tmp_path: Path) -> None:
    run = tiendo_on(database_url, tmp_path)
    assert run("webhooks", "new-secret", "a.secret").returncode == 0
    path = tmp_path / "a.secret"
    written = path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert written.startswith("whsec_")
    refused = run("webhooks", "new-secret", "a.secret")
    assert (refused.returncode, path.read_text()) == (1, written)
    assert "is there already" in refused.stderr
