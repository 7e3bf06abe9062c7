"""Addresses of mail are told what happened to lists of their units, once each; what the server refuses for good is given up and shown."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine
from tests.mail.smtp_servers import Mailbox, cut_off, smtp_server
from tests.notifier.test_webhooks import kept, notifier_engine, steps
from tests.publication_facts import append_facts, publication

from tiendo_contracts.webhook_list import MailedAddress
from tiendo_event_store.deliveries.webhook_deliveries import DeliveryState
from tiendo_notifier.publication_mails import publication_mail
from tiendo_runtime.mail import MailServer
from tiendo_runtime.webhook_targets import MailTarget

__all__ = ["notifier_engine"]

PUBLISHED: Mapping[str, Any] = {
    "unit": "H34.STNMT",
    "period": "2022-08",
    "version": 2,
    "digest": "7d" * 32,
    "number": "CK-H34.STNMT-2022-08/2",
    "reason": "Quyết định <15>/QĐ-STNMT",
    "document": {"document_number": "131/TB-STNMT", "signed_at": "2022-09-18"},
}


def target(server: MailServer, *units: str) -> MailTarget:
    mailed = MailedAddress(name="office", address="vanphong@example.vn", units=units or None)
    return MailTarget(mailed=mailed, server=server, public_url="https://tiendo.example.vn/")


async def test_an_address_is_told_once_what_happened_and_where_it_is_to_be_read(
    engine: AsyncEngine, notifier_engine: AsyncEngine
) -> None:
    mailbox = Mailbox()
    async with smtp_server(mailbox) as server:
        office = target(server, "H34.STNMT")
        await steps(notifier_engine, office)
        corrected = ("vn.tiendo.publication.corrected.v1", "5b1c", PUBLISHED)
        await append_facts(engine, corrected, publication("H34.X"))
        await steps(notifier_engine, office, count=2)

    [message] = mailbox.messages
    plain, html = (message.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None
    assert html is not None
    assert message["To"] == "vanphong@example.vn"
    assert message["Subject"] == "Danh sách chậm trễ của H34.STNMT, tháng 8/2022: đã công khai bản đính chính"
    assert "https://tiendo.example.vn/cong-khai/CK-H34.STNMT-2022-08/2" in plain.get_content()
    assert "Lý do: Quyết định <15>/QĐ-STNMT" in plain.get_content()
    assert "Quyết định &lt;15&gt;/QĐ-STNMT" in html.get_content()
    assert {one.state for one in await kept(notifier_engine)} == {DeliveryState.DELIVERED}


def test_a_window_is_told_with_its_offset_and_a_unit_of_any_code_has_its_page() -> None:
    said = {"window_ends_at": "2022-09-12T10:00:00Z", "number": "CK-H34/1 A-2022-08/1"}
    fact = {"type": "vn.tiendo.publication.opened.v1", "id": "5b1c", "data": {**PUBLISHED, **said}}
    mail = publication_mail(json.dumps(fact), "vanphong@example.vn", "https://tiendo.example.vn/")
    assert "Nhận giải trình đến: 10:00 12/09/2022 (UTC)" in mail.text
    assert "https://tiendo.example.vn/cong-khai/CK-H34%2F1%20A-2022-08/1\n" in mail.text


async def test_a_server_that_is_busy_is_tried_again_and_one_that_refuses_is_not(
    engine: AsyncEngine, notifier_engine: AsyncEngine
) -> None:
    mailbox = Mailbox(answers=["451 later", "250 taken", "554 never"])
    async with smtp_server(mailbox) as server:
        office = target(server)
        await steps(notifier_engine, office)
        await append_facts(engine, publication("H34.X"))
        await steps(notifier_engine, office)
        await append_facts(engine, publication("H34.X", "withdrawn"))
        await steps(notifier_engine, office, count=2)

    first, second = await kept(notifier_engine)
    assert (first.state, first.attempts) == (DeliveryState.DELIVERED, 2)
    assert (second.state, second.attempts) == (DeliveryState.DEAD, 1)
    assert second.failure == "DATA: 554 never"


async def test_what_may_have_arrived_is_not_sent_again(engine: AsyncEngine, notifier_engine: AsyncEngine) -> None:
    mailbox = Mailbox(answers=[cut_off])
    async with smtp_server(mailbox) as server:
        office = target(server)
        await steps(notifier_engine, office)
        await append_facts(engine, publication("H34.X"))
        await steps(notifier_engine, office, count=2)

    [uncertain] = await kept(notifier_engine)
    assert (uncertain.state, mailbox.asked) == (DeliveryState.DEAD, 1)
