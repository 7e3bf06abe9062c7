"""Webhooks are told each fact of a publication that concerns them, signed, once in effect; what does not arrive is tried again, then given up and shown."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.notifier.receiver import Receiver, receiving
from tests.publication_facts import append_facts, publication

from tiendo_cli.applying_rules import apply_rules
from tiendo_contracts.database.database_roles import DatabaseRole
from tiendo_event_store.deliveries.webhook_deliveries import DeliveryState, WebhookDelivery, deliver_again, deliveries
from tiendo_notifier.notifying import Notifier
from tiendo_runtime.database import service_engine
from tiendo_runtime.webhook_targets import NotifiedTarget

UNITS: dict[str, Any] = {
    "unit": [
        {"id": "H34", "name": "Tỉnh"},
        {"id": "H34.STNMT", "name": "Sở", "parent": "H34"},
        {"id": "H34.X", "name": "X"},
    ]
}


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as found:
        yield found


@pytest.fixture
async def notifier_engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = service_engine(database_url, DatabaseRole.NOTIFIER, pool_size=4)
    yield engine
    await engine.dispose()


async def published(engine: AsyncEngine, *units: str, kind: str = "published") -> list[dict[str, Any]]:
    """A fact of a publication of each unit, in the log."""
    steps_of = [publication(unit, kind, version=number) for number, unit in enumerate(units, start=1)]
    return [*await append_facts(engine, *steps_of)]


async def steps(
    engine: AsyncEngine, *targets: NotifiedTarget, count: int = 1, retry_seconds: tuple[float, ...] = (0,)
) -> None:
    """So many rounds of a notifier."""
    notifier = Notifier(engine, targets, retry_seconds=retry_seconds)
    async with httpx.AsyncClient(timeout=5, follow_redirects=False, trust_env=False) as client:
        for _ in range(count):
            await notifier.step(client)


async def kept(engine: AsyncEngine) -> list[WebhookDelivery]:
    async with engine.connect() as connection:
        return await deliveries(connection)


async def test_each_fact_arrives_as_it_was_accepted_and_signed_and_once(
    engine: AsyncEngine, notifier_engine: AsyncEngine, receiver: Receiver, tmp_path: Path
) -> None:
    target = receiver.target(tmp_path)
    await steps(notifier_engine, target)
    facts = await published(engine, "H34.STNMT", "H34.X")
    await steps(notifier_engine, target, count=2)

    assert [one.event for one in receiver.received] == facts
    assert receiver.ids == [fact["id"] for fact in facts]
    assert all(one.is_signed for one in receiver.received)
    assert {one.media_type for one in receiver.received} == {"application/cloudevents+json; charset=utf-8"}
    assert {one.state for one in await kept(notifier_engine)} == {DeliveryState.DELIVERED}


async def test_a_new_webhook_is_not_told_what_was_before_it(
    engine: AsyncEngine, notifier_engine: AsyncEngine, receiver: Receiver, tmp_path: Path
) -> None:
    await published(engine, "H34.STNMT")
    await steps(notifier_engine, receiver.target(tmp_path))
    facts = await published(engine, "H34.X")
    await steps(notifier_engine, receiver.target(tmp_path))

    assert receiver.ids == [facts[0]["id"]]


async def test_a_webhook_of_units_is_told_what_concerns_these_and_those_below(
    engine: AsyncEngine, notifier_engine: AsyncEngine, receiver: Receiver, tmp_path: Path
) -> None:
    await apply_rules(engine, UNITS)
    targets = [
        receiver.target(tmp_path, "all"),
        receiver.target(tmp_path, "province", ("H34",)),
        receiver.target(tmp_path, "land", ("H34.STNMT",)),
    ]
    await steps(notifier_engine, *targets)
    land, other, province = (fact["id"] for fact in await published(engine, "H34.STNMT", "H34.X", "H34"))
    await steps(notifier_engine, *targets)

    told: dict[str, set[str]] = {}
    for delivery in await kept(notifier_engine):
        told.setdefault(delivery.webhook, set()).add(delivery.event_id)
    assert told == {"all": {land, other, province}, "province": {land, province}, "land": {land}}
    assert sorted(receiver.ids) == sorted([land, land, land, other, province, province])


@pytest.mark.parametrize("status", [500, 404, 302])
async def test_what_is_not_taken_is_tried_again_until_it_is(
    engine: AsyncEngine, notifier_engine: AsyncEngine, receiver: Receiver, tmp_path: Path, status: int
) -> None:
    target = receiver.target(tmp_path)
    await steps(notifier_engine, target)
    [fact] = await published(engine, "H34.X")
    receiver.answers.extend([(status, [(b"location", receiver.address.encode())])] * 2)
    await steps(notifier_engine, target, retry_seconds=(0, 0))

    [delivery] = await kept(notifier_engine)
    assert receiver.ids == [fact["id"]] * 3
    assert (delivery.state, delivery.attempts, delivery.status) == (DeliveryState.DELIVERED, 3, 204)


async def test_what_never_arrives_is_given_up_with_its_reason_and_tried_again_when_asked(
    engine: AsyncEngine, owner_engine: AsyncEngine, notifier_engine: AsyncEngine, receiver: Receiver, tmp_path: Path
) -> None:
    target = receiver.target(tmp_path)
    await steps(notifier_engine, target)
    await published(engine, "H34.X")
    receiver.answers.extend([(503, [])] * 3)
    await steps(notifier_engine, target, retry_seconds=(0, 0), count=2)

    [given_up] = await kept(notifier_engine)
    assert (given_up.state, given_up.attempts, len(receiver.received)) == (DeliveryState.DEAD, 3, 3)
    assert given_up.failure == "answered 503 Service Unavailable: not now please"
    async with owner_engine.begin() as connection:
        assert await deliver_again(connection, "here", given_up.position) == 1
    await steps(notifier_engine, target)
    assert (await kept(notifier_engine))[0].state is DeliveryState.DELIVERED


async def test_what_a_receiver_answers_stops_no_other_delivery(
    engine: AsyncEngine, notifier_engine: AsyncEngine, receiver: Receiver, tmp_path: Path
) -> None:
    """A NUL, which no text of the database holds, is shown as what cannot be shown."""
    target = receiver.target(tmp_path)
    await steps(notifier_engine, target)
    await published(engine, "H34.X")
    receiver.answers.append((503, []))
    receiver.said = b"no\x00t now"
    await steps(notifier_engine, target, retry_seconds=(3600,))
    [put_off] = await kept(notifier_engine)
    assert (put_off.state, put_off.failure) == (
        DeliveryState.PENDING,
        "answered 503 Service Unavailable: no\ufffdt now",
    )


async def test_who_is_gone_is_not_tried_again(
    engine: AsyncEngine, notifier_engine: AsyncEngine, receiver: Receiver, tmp_path: Path
) -> None:
    target = receiver.target(tmp_path)
    await steps(notifier_engine, target)
    await published(engine, "H34.X")
    receiver.answers.append((410, []))
    await steps(notifier_engine, target, count=2)

    assert [(one.state, one.attempts) for one in await kept(notifier_engine)] == [(DeliveryState.DEAD, 1)]


async def test_who_asks_for_time_is_given_it(
    engine: AsyncEngine, notifier_engine: AsyncEngine, receiver: Receiver, tmp_path: Path
) -> None:
    target = receiver.target(tmp_path)
    await steps(notifier_engine, target)
    await published(engine, "H34.X")
    receiver.answers.append((429, [(b"retry-after", b"3600")]))
    await steps(notifier_engine, target, count=2)

    [delivery] = await kept(notifier_engine)
    async with notifier_engine.connect() as connection:
        now = (await connection.execute(text("SELECT clock_timestamp()"))).scalar_one()
    assert (delivery.state, len(receiver.received)) == (DeliveryState.PENDING, 1)
    assert 3500 < (delivery.due_at - now).total_seconds() <= 3600


@pytest.mark.parametrize("said", [b"nan", b"inf", b"1e999", b"-5", b"soon"])
async def test_a_wait_that_cannot_be_read_is_none(
    engine: AsyncEngine, notifier_engine: AsyncEngine, receiver: Receiver, tmp_path: Path, said: bytes
) -> None:
    target = receiver.target(tmp_path)
    await steps(notifier_engine, target)
    await published(engine, "H34.X")
    receiver.answers.append((429, [(b"retry-after", said)]))
    await steps(notifier_engine, target)

    assert [(one.state, one.attempts) for one in await kept(notifier_engine)] == [(DeliveryState.DELIVERED, 2)]


async def test_an_address_where_nobody_listens_is_tried_again(
    engine: AsyncEngine, notifier_engine: AsyncEngine, tmp_path: Path
) -> None:
    async with receiving() as gone:
        target = gone.target(tmp_path)
    await steps(notifier_engine, target)
    await published(engine, "H34.X")
    await steps(notifier_engine, target, retry_seconds=(1000,))

    [delivery] = await kept(notifier_engine)
    assert (delivery.state, delivery.attempts, delivery.status) == (DeliveryState.PENDING, 1, None)
    assert delivery.failure is not None
    assert delivery.failure.startswith("ConnectError")


async def test_what_a_killed_process_had_claimed_is_sent_again_under_its_id(
    engine: AsyncEngine, owner_engine: AsyncEngine, notifier_engine: AsyncEngine, receiver: Receiver, tmp_path: Path
) -> None:
    target = receiver.target(tmp_path)
    await steps(notifier_engine, target)
    [fact] = await published(engine, "H34.X")
    await steps(notifier_engine, target)
    async with owner_engine.begin() as connection:
        # As it stands between the sending and the note of it, when the claim has run out.
        statement = (
            "UPDATE tiendo.webhook_deliveries SET state = 'pending', ended_at = NULL, due_at = clock_timestamp()"
        )
        await connection.execute(text(statement))
    await steps(notifier_engine, target)

    assert receiver.ids == [fact["id"]] * 2
    assert [one.state for one in await kept(notifier_engine)] == [DeliveryState.DELIVERED]


async def test_two_notifiers_at_once_send_each_fact_once(
    engine: AsyncEngine, notifier_engine: AsyncEngine, receiver: Receiver, tmp_path: Path
) -> None:
    target = receiver.target(tmp_path)
    await steps(notifier_engine, target)
    facts = await published(engine, *["H34.X"] * 30)
    await asyncio.gather(*(steps(notifier_engine, target) for _ in range(3)))

    assert sorted(receiver.ids) == sorted(fact["id"] for fact in facts)


async def test_a_secret_that_is_lost_costs_an_attempt_and_nothing_else(
    engine: AsyncEngine, notifier_engine: AsyncEngine, receiver: Receiver, tmp_path: Path
) -> None:
    target = receiver.target(tmp_path)
    await steps(notifier_engine, target)
    await published(engine, "H34.X")
    target.secret_path.rename(tmp_path / "away")
    await steps(notifier_engine, target, retry_seconds=(0, 1000))
    (tmp_path / "away").rename(target.secret_path)

    [delivery] = await kept(notifier_engine)
    assert receiver.received == []
    assert (delivery.state, delivery.attempts) == (DeliveryState.PENDING, 2)
    assert "cannot be read" in json.dumps(delivery.failure)
