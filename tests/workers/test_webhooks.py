"""Whether webhooks that are owed arrive: signed, once noted never again, tried again for as long as there is use in it."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

import pytest

from actions.automations import Watch, create_automation, retry_webhook_delivery, rotate_automation_secret
from actions.deliveries import claim_deliveries
from actions.destinations import Destination
from actions.firing import EVERYBODY
from models.automation import Automation, WebhookDelivery
from sharing.states import DeliveryState
from sharing.visibility import ANONYMOUS
from sharing.webhooks import MAX_ATTEMPTS
from tests.world import Nation, World
from workers.sweep import sweep
from workers.webhooks import Deliverer


@dataclass
class Receiver:
    """A web server that takes webhooks, and answers as it is told.

    Attributes:
        url: where it is.
        answers: the statuses that it gives, one after another; 200 once there are no more.
        taken: the headers and the body of each request.
    """

    url: str = ""
    answers: list[int] = field(default_factory=list)
    taken: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take a request."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
        self.taken.append((headers, await reader.readexactly(int(headers["content-length"]))))
        status = self.answers.pop(0) if self.answers else 200
        location = b"location: /elsewhere\r\n" if status == 302 else b""
        writer.write(b"HTTP/1.1 %d X\r\n%scontent-length: 4\r\nconnection: close\r\n\r\nno. " % (status, location))
        await writer.drain()
        writer.close()


@asynccontextmanager
async def receiving(*answers: int) -> AsyncIterator[Receiver]:
    """Run a receiver until the block ends."""
    receiver = Receiver(answers=list(answers))
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    receiver.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
    async with server:
        yield receiver


@pytest.fixture(autouse=True)
async def _nothing_owed(database: None) -> None:
    """What other tests left to be sent goes nowhere, and would be waited for."""
    await WebhookDelivery.all().delete()


async def owing(world: World, url: str) -> tuple[Nation, UUID, UUID]:
    """Return a nation that owes a webhook to an address, with its automation and the profile that changed."""
    nation = await world.nation("north")
    ann = await nation.person(first_name="Ann", last_name="Ames")
    async with world.unit(nation.admin) as unit:
        automation = await create_automation(unit, nation.id, "renamed", Watch("last_name"), Destination(url))
    await nation.edit(ann, last_name="Bell")
    return nation, automation, ann


async def deliver(world: World, *, anywhere: bool = True) -> None:
    """Have a worker deliver what is due now."""
    await Deliverer(anywhere=anywhere)(world.post, EVERYBODY)


async def due_now(delivery: WebhookDelivery) -> None:
    """Let the time of the next attempt come."""
    await WebhookDelivery.filter(id=delivery.id).update(next_attempt_at=delivery.created_at)


def signed(secret: str, headers: dict[str, str], body: bytes) -> str:
    """Sign as a receiver does to compare."""
    text = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    return "v1," + base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()


async def test_what_is_owed_is_sent_once_signed_by_the_secret(world: World) -> None:
    async with receiving() as receiver:
        nation, automation, ann = await owing(world, receiver.url)
        await deliver(world)
        await deliver(world)
        ((headers, body),) = receiver.taken
    secret = (await Automation.get(id=automation)).secret
    assert headers["webhook-signature"] == signed(secret, headers, body)
    told = json.loads(body)
    assert told["type"] == "automation.fired"
    assert (told["data"]["from"], told["data"]["to"], told["data"]["field"]) == ("Ames", "Bell", "LAST_NAME")
    assert told["data"]["nation"] == nation.slug
    assert base64.b64decode(told["data"]["profileId"]).decode() == f"Profile:{ann}"
    delivery = await WebhookDelivery.get(automation_id=automation)
    assert (delivery.state, delivery.attempts, delivery.last_status) == (DeliveryState.DELIVERED, 1, 200)
    assert headers["webhook-id"] == str(delivery.id)


async def test_after_a_rotation_both_secrets_sign(world: World) -> None:
    async with receiving() as receiver:
        nation, automation, _ = await owing(world, receiver.url)
        former = (await Automation.get(id=automation)).secret
        async with world.unit(nation.admin) as unit:
            await rotate_automation_secret(unit, automation)
        await deliver(world)
        ((headers, body),) = receiver.taken
    fresh = (await Automation.get(id=automation)).secret
    assert fresh != former
    assert headers["webhook-signature"].split() == [signed(secret, headers, body) for secret in (fresh, former)]


@pytest.mark.parametrize("status", [500, 404, 302])
async def test_what_is_not_taken_is_tried_again_under_the_same_id(world: World, status: int) -> None:
    """A redirect is followed nowhere: it is a refusal like others."""
    async with receiving(status) as receiver:
        _, automation, _ = await owing(world, receiver.url)
        await deliver(world)
        delivery = await WebhookDelivery.get(automation_id=automation)
        assert (delivery.state, delivery.attempts, delivery.last_status) == (DeliveryState.PENDING, 1, status)
        assert delivery.last_error == f"It answered {status}: no."
        await deliver(world)
        assert len(receiver.taken) == 1, "it is not due yet"
        await due_now(delivery)
        await sweep(world.post)
        await deliver(world)
        (first, body), (second, same) = receiver.taken
    assert (first["webhook-id"], body) == (second["webhook-id"], same)
    delivery = await WebhookDelivery.get(automation_id=automation)
    assert (delivery.state, delivery.attempts) == (DeliveryState.DELIVERED, 2)


async def test_it_is_given_up_after_ten_attempts_and_tried_again_when_somebody_asks(world: World) -> None:
    async with receiving(*[500] * MAX_ATTEMPTS) as receiver:
        nation, automation, _ = await owing(world, receiver.url)
        for _ in range(MAX_ATTEMPTS + 1):
            await deliver(world)
            delivery = await WebhookDelivery.get(automation_id=automation)
            if delivery.state is DeliveryState.PENDING:
                await due_now(delivery)
        assert (delivery.state, delivery.attempts) == (DeliveryState.GIVEN_UP, MAX_ATTEMPTS)
        assert len(receiver.taken) == MAX_ATTEMPTS
        async with world.unit(nation.admin) as unit:
            await retry_webhook_delivery(unit, delivery.id)
        await deliver(world)
    assert (await WebhookDelivery.get(id=delivery.id)).state is DeliveryState.DELIVERED


async def test_whoever_says_that_it_is_gone_is_asked_no_more(world: World) -> None:
    async with receiving(410) as receiver:
        _, automation, _ = await owing(world, receiver.url)
        await deliver(world)
    delivery = await WebhookDelivery.get(automation_id=automation)
    assert (delivery.state, delivery.attempts, delivery.next_attempt_at) == (DeliveryState.GIVEN_UP, 1, None)


async def test_nothing_is_sent_to_this_machine_or_by_http_unless_that_is_allowed(world: World) -> None:
    async with receiving() as receiver:
        _, automation, _ = await owing(world, receiver.url)
        await deliver(world, anywhere=False)
        await Automation.filter(id=automation).update(webhook_url=receiver.url.replace("http:", "https:"))
        delivery = await WebhookDelivery.get(automation_id=automation)
        assert "https" in str(delivery.last_error)
        await due_now(delivery)
        await deliver(world, anywhere=False)
        assert receiver.taken == []
    delivery = await WebhookDelivery.get(automation_id=automation)
    assert delivery.state is DeliveryState.PENDING
    assert "private network" in str(delivery.last_error)


async def test_who_cannot_be_reached_is_told_so(world: World) -> None:
    async with receiving() as receiver:
        _, automation, _ = await owing(world, receiver.url)
    await deliver(world)
    delivery = await WebhookDelivery.get(automation_id=automation)
    assert (delivery.state, delivery.last_status) == (DeliveryState.PENDING, None)
    assert str(delivery.last_error).startswith("It could not be reached")


async def test_what_a_killed_worker_had_in_hand_is_sent_by_the_next(world: World) -> None:
    async with receiving() as receiver:
        _, automation, _ = await owing(world, receiver.url)
        async with world.unit(ANONYMOUS) as unit:
            (claimed,) = await claim_deliveries(unit, 10, [])
        await deliver(world)
        assert receiver.taken == [], "somebody has it in hand"
        await due_now(await WebhookDelivery.get(id=claimed.id))
        await deliver(world)
        assert len(receiver.taken) == 1
    assert (await WebhookDelivery.get(automation_id=automation)).state is DeliveryState.DELIVERED
