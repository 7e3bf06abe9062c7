"""Mail goes through a real SMTP server: with bounded retries, encrypted and signed in where asked, and never twice."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest
from tests.kafka.certificates import make_authority
from tests.mail.smtp_servers import Mailbox, cut_off, smtp_server, tls
from tests.ports import reserved_port

from tiendo_runtime.errors import SettingsInvalid
from tiendo_runtime.mail import Mail, MailAway, MailRefused, MailServer, MailUncertain, send, written
from tiendo_runtime.settings import load_settings

AT: Final = datetime(2026, 11, 30, 0, 0, tzinfo=UTC)
MAIL: Final = Mail(
    purpose="digest",
    about="officer CC-1",
    address="anh@example.vn",
    subject="Hồ sơ sắp đến hạn: 3 hồ sơ",
    text="Hồ sơ HS-1\n.một dòng bắt đầu bằng dấu chấm\n",
    html="<p>Hồ sơ <b>HS-1</b></p>",
)
MESSAGE: Final = written(MAIL, sender="Tiến độ <tiendo@example.vn>", at=AT)
SOON: Final = (0.0, 0.0)


async def test_a_mail_arrives_as_plain_text_and_as_html() -> None:
    mailbox = Mailbox()
    async with smtp_server(mailbox) as server:
        assert await send(server, MAIL.address, MESSAGE) == 1

    (envelope,), (message,) = mailbox.taken, mailbox.messages
    assert (envelope.mail_from, envelope.rcpt_tos) == ("tiendo@example.vn", ["anh@example.vn"])
    assert (message["Subject"], message["To"]) == (MAIL.subject, MAIL.address)
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    assert (text.get_content().splitlines(), html.get_content().strip()) == (MAIL.text.splitlines(), MAIL.html)
    assert MESSAGE.isascii()


def test_the_same_mail_of_a_day_has_the_same_id_and_another_has_another() -> None:
    def identity(mail: Mail, at: datetime = AT) -> str:
        lines = written(mail, sender="tiendo@example.vn", at=at).decode().splitlines()
        return next(line for line in lines if line.startswith("Message-ID"))

    assert identity(MAIL) == identity(MAIL)
    assert len({identity(MAIL), identity(replace(MAIL, about="unit U")), identity(MAIL, AT.replace(day=29))}) == 3


async def test_a_mail_goes_encrypted_and_signed_in_where_the_settings_say_so(tmp_path: Path) -> None:
    authority = make_authority(tmp_path)
    password = tmp_path / "password"
    password.write_text("mat-khau\n")
    mailbox = Mailbox()
    options = {
        "tls_context": tls(str(authority.server)),
        "require_starttls": True,
        "authenticator": mailbox.authenticate,
        "auth_required": True,
    }
    async with smtp_server(mailbox, **options) as server:
        signed_in = replace(server, ca_file=authority.certificate, user="tiendo", password_file=password)
        await send(signed_in, MAIL.address, MESSAGE)
        password.write_text("sai")
        with pytest.raises(MailRefused):
            await send(signed_in, MAIL.address, MESSAGE, pauses_seconds=SOON)
        with pytest.raises(MailRefused):
            await send(replace(server, starttls=False), MAIL.address, MESSAGE, pauses_seconds=SOON)
        with pytest.raises(MailAway, match="certificate"):
            await send(replace(signed_in, ca_file=None), MAIL.address, MESSAGE, pauses_seconds=())

    assert len(mailbox.taken) == 1
    assert mailbox.logins[0] == "tiendo:mat-khau"
    assert set(mailbox.logins[1:]) == {"tiendo:sai"}


async def test_what_the_server_does_not_take_now_is_tried_again_and_not_for_ever() -> None:
    mailbox = Mailbox(answers=["451 later", "250 taken"])
    async with smtp_server(mailbox) as server:
        assert await send(server, MAIL.address, MESSAGE, pauses_seconds=SOON) == 2
        mailbox.answers = ["451 later"]
        with pytest.raises(MailAway, match="451 later"):
            await send(server, MAIL.address, MESSAGE, pauses_seconds=SOON)

    assert (mailbox.asked, len(mailbox.taken)) == (2 + 3, 1)


async def test_what_the_server_refuses_is_not_tried_again() -> None:
    mailbox = Mailbox(answers=["550 no such mailbox"])
    async with smtp_server(mailbox) as server:
        with pytest.raises(MailRefused, match="550 no such mailbox"):
            await send(server, MAIL.address, MESSAGE, pauses_seconds=SOON)

    assert mailbox.asked == 1


async def test_what_may_have_arrived_is_not_sent_again() -> None:
    mailbox = Mailbox(answers=[cut_off])
    async with smtp_server(mailbox) as server:
        with pytest.raises(MailUncertain):
            await send(server, MAIL.address, MESSAGE, pauses_seconds=SOON)

    assert mailbox.asked == 1


async def test_a_server_that_is_not_reached_is_said_to_be_away() -> None:
    async with smtp_server(Mailbox()) as server:
        with reserved_port() as port, pytest.raises(MailAway, match="not reached"):
            await send(replace(server, port=port), MAIL.address, MESSAGE, pauses_seconds=SOON)


def test_without_a_host_there_is_no_server_and_half_of_its_settings_are_refused() -> None:
    assert MailServer.of(load_settings()) is None
    with pytest.raises(SettingsInvalid, match="TIENDO_MAIL_FROM"):
        MailServer.of(load_settings(mail_host="mail.test"))
    with pytest.raises(SettingsInvalid, match="TIENDO_MAIL_PASSWORD_FILE"):
        MailServer.of(load_settings(mail_host="mail.test", mail_from="a@b.vn", mail_user="u"))
