from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from simulator.events.event import Event
from simulator.gateway.lines import MOST_WAITING, LineFullError, Lines
from simulator.ids import EventId
from tests.eventually import soon

if TYPE_CHECKING:
    from tests.unit.simulator.conftest import Platform, Start

FAILURE = b'{"code":500}'


async def approve(platform: Platform, status: str, instance: str) -> Any:
    asked = {"status": status, "instance_code": instance}
    return await platform.post("/_sim/events/approval_instance", asked)


async def test_failing_approval_blocks_the_next_of_its_instance(start: Start) -> None:
    platform = await start(time_scale=100)
    socket = await platform.connect()

    pending = await approve(platform, "PENDING", "A")
    approved = await approve(platform, "APPROVED", "A")
    await socket.ack(await socket.receive(), FAILURE)
    again = await socket.receive()
    waiting = await platform.deliveries(approved["event_id"])
    await socket.ack(again)
    after = await socket.receive()

    assert orjson.loads(again.payload)["uuid"] == pending["event_id"]
    assert waiting == []
    assert orjson.loads(after.payload)["event"]["status"] == "APPROVED"


async def test_failing_approval_blocks_no_other_instance(start: Start) -> None:
    platform = await start()
    socket = await platform.connect()

    await approve(platform, "PENDING", "A")
    await socket.ack(await socket.receive(), FAILURE)
    await approve(platform, "PENDING", "B")

    assert orjson.loads((await socket.receive()).payload)["event"]["instance_code"] == "B"


async def test_approval_given_up_lets_the_next_pass(start: Start) -> None:
    platform = await start(time_scale=1_000_000)
    await approve(platform, "PENDING", "A")
    approved = await approve(platform, "APPROVED", "A")

    async def given_up_too() -> bool:
        return len(await platform.deliveries(approved["event_id"])) == 5

    await soon(given_up_too)


async def test_messages_are_not_ordered(platform: Platform) -> None:
    socket = await platform.connect()

    await platform.say("one")
    await platform.say("two")

    assert {(await socket.receive()).headers["type"] for _ in range(2)} == {"event"}


async def test_double_of_an_approval_does_not_disturb_the_order(platform: Platform) -> None:
    socket = await platform.connect()
    await platform.post("/_sim/faults", {"kind": "duplicate"})
    for status in ("PENDING", "APPROVED", "REVERTED"):
        await approve(platform, status, "A")

    await socket.ack(await socket.receive())
    following = [await socket.receive(), await socket.receive()]
    statuses = {orjson.loads(each.payload)["event"]["status"] for each in following}
    for each in following:
        await socket.ack(each)
    last = orjson.loads((await socket.receive()).payload)

    assert statuses == {"PENDING", "APPROVED"}
    assert last["event"]["status"] == "REVERTED"


def test_waiting_in_line_is_bounded() -> None:
    lines = Lines()
    event = Event(EventId("e"), b"{}")
    for _ in range(MOST_WAITING + 1):
        lines.enter("A", event)

    refused = False
    try:
        lines.enter("A", event)
    except LineFullError:
        refused = True

    assert refused
    assert lines.enter("B", event)
