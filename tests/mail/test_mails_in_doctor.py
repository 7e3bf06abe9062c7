"""`tiendo doctor` tells mails that did not arrive, or of which nobody knows."""

from datetime import date
from typing import Final

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_cli.diagnosis.findings import Verdict
from tiendo_cli.diagnosis.mails import check_mails
from tiendo_event_store.deliveries.mail_deliveries import MailDeliveries, MailState
from tiendo_runtime.settings import Settings

MONDAY: Final = date(2022, 8, 15)
TUESDAY: Final = date(2022, 8, 16)
OLD: Final = "UPDATE tiendo.mail_deliveries SET noted_at = noted_at - interval '{}' WHERE address = 'anh@example.vn'"


async def mailed(
    engine: AsyncEngine, address: str, on_day: date, state: MailState, *, failure: str | None = None
) -> None:
    mails = MailDeliveries(engine, "digest")
    assert await mails.claim("officer CC-1", address, on_day)
    if state is not MailState.SENDING:
        await mails.note("officer CC-1", address, on_day, state, failure=failure)


async def said(engine: AsyncEngine) -> list[tuple[Verdict, str]]:
    return [(one.verdict, one.found) for one in await check_mails(engine, Settings())]


async def test_where_no_mail_was_sent_nothing_is_said_of_mails(engine: AsyncEngine) -> None:
    assert await said(engine) == []


async def test_a_mail_that_failed_is_wrong_with_the_words_of_the_server_until_a_later_one_arrives(
    engine: AsyncEngine,
) -> None:
    await mailed(engine, "so@example.vn", MONDAY, MailState.SENT)
    await mailed(engine, "anh@example.vn", MONDAY, MailState.FAILED, failure="RCPT TO: 550 full")
    [(verdict, found)] = await said(engine)
    assert verdict is Verdict.WRONG
    assert "1 of 2 recipients, as the digest of 2022-08-15 to anh@example.vn (officer CC-1): RCPT TO: 550 full" in found
    await mailed(engine, "anh@example.vn", TUESDAY, MailState.SENT)
    assert [verdict for verdict, _ in await said(engine)] == [Verdict.GOOD]


async def test_a_mail_of_which_nobody_knows_is_a_warning(engine: AsyncEngine) -> None:
    await mailed(engine, "anh@example.vn", MONDAY, MailState.UNCERTAIN, failure="the connection ended")
    [(verdict, found)] = await said(engine)
    assert verdict is Verdict.WARNING
    assert "the connection ended" in found


async def test_one_that_is_being_sent_is_good_and_one_whose_sender_is_gone_a_warning(engine: AsyncEngine) -> None:
    await mailed(engine, "anh@example.vn", MONDAY, MailState.SENDING)
    assert [verdict for verdict, _ in await said(engine)] == [Verdict.GOOD]
    async with engine.begin() as connection:
        await connection.execute(text(OLD.format("1 hour")))
    assert [verdict for verdict, _ in await said(engine)] == [Verdict.WARNING]


async def test_what_failed_long_ago_is_no_news(engine: AsyncEngine) -> None:
    await mailed(engine, "anh@example.vn", MONDAY, MailState.FAILED, failure="550 full")
    async with engine.begin() as connection:
        await connection.execute(text(OLD.format("8 days")))
    assert await said(engine) == []


async def test_settings_of_mail_that_cannot_be_used_are_wrong(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIENDO_MAIL_HOST", "mail.example.vn")
    [(verdict, found)] = await said(engine)
    assert (verdict, "TIENDO_MAIL_FROM" in found) == (Verdict.WRONG, True)
