"""Patches, edits, recalls."""

from __future__ import annotations

import json
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from aiohttp import web

from simulator.ids import ChatId, fresh_message_id
from simulator.limits.limits import Limits
from simulator.openapi.calls import Calls
from simulator.openapi.revisions import DAY, Revisions
from simulator.world.messages import Message, Revision, Sender, SenderKind
from simulator.world.people import make_app
from simulator.world.world import World
from tests.unit.simulator.conftest import MESSAGES, Bot, content, text

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.unit.simulator.conftest import FakeClock


def card(words: str, **config: Any) -> dict[str, str]:
    body = {"elements": [{"tag": "markdown", "content": words}]}
    shared = {"update_multi": True, **config}
    return content("interactive", {"schema": "2.0", "config": shared, "body": body})


def path(message: Any) -> str:
    return f"{MESSAGES}/{message['message_id']}"


async def test_patched_card_shows_the_new_one(bot: Bot) -> None:
    sent = await bot.send(**card("one"))

    patched = await bot.call("PATCH", path(sent), {"content": card("two")["content"]})

    assert patched["code"] == 0
    shown = await bot.shown(sent["message_id"])
    assert (shown["text"], shown["revisions"]) == ("two", 2)


async def test_sixth_patch_of_a_second_is_refused(bot: Bot) -> None:
    sent = await bot.send(**card("one"))

    codes = [
        (await bot.call("PATCH", path(sent), {"content": card(str(n))["content"]}))["code"]
        for n in range(6)
    ]

    assert codes == [0, 0, 0, 0, 0, 230020]


async def test_patch_that_cannot_be_has_its_code(bot: Bot) -> None:
    words = await bot.send()
    sent = await bot.send(**card("one"))
    said = await bot.platform.say()
    long = {"content": card("x" * 31 * 1024)["content"]}

    assert (await bot.call("PATCH", path(words), {"content": "{}"}))["code"] == 230001
    assert (await bot.call("PATCH", path(said), {"content": "{}"}))["code"] == 230012
    assert (await bot.call("PATCH", path(sent), long))["code"] == 230025
    assert (await bot.call("PATCH", path(sent), {"content": "[]"}))["code"] == 230001
    assert (await bot.call("PATCH", path(sent), {}))["code"] == 99992402


async def test_edit_changes_the_words_and_says_so(bot: Bot) -> None:
    sent = await bot.send(**text("one"))

    edited = (await bot.call("PUT", path(sent), text("two")))["data"]

    assert json.loads(edited["body"]["content"]) == {"text": "two"}
    assert edited["updated"]
    shown = await bot.shown(sent["message_id"])
    assert (shown["text"], shown["edited"]) == ("two", True)


async def test_twenty_first_edit_is_refused(bot: Bot) -> None:
    sent = await bot.send()

    codes = [(await bot.call("PUT", path(sent), text(str(n))))["code"] for n in range(21)]

    assert codes == [0] * 20 + [230072]


async def test_edit_that_cannot_be_has_its_code(bot: Bot) -> None:
    sent = await bot.send()
    said = await bot.platform.say()
    post = content("post", {"zh_cn": {"content": [[{"tag": "text", "text": "x"}]]}})

    assert (await bot.call("PUT", path(said), text("mine")))["code"] == 230071
    assert (await bot.call("PUT", path(sent), card("x")))["code"] == 230054
    assert (await bot.call("PUT", path(sent), post))["code"] == 230001


async def test_recalled_message_is_gone_for_all(bot: Bot) -> None:
    sent = await bot.send(**text("a secret"))

    assert (await bot.call("DELETE", path(sent)))["code"] == 0

    got = (await bot.call("GET", path(sent)))["data"]["items"][0]
    assert got["deleted"]
    assert "secret" not in got["body"]["content"]
    assert (await bot.shown(sent["message_id"]))["deleted"]
    assert (await bot.reply(sent["message_id"]))["code"] == 230011
    assert (await bot.call("PUT", path(sent), text("x")))["code"] == 230011
    assert (await bot.call("DELETE", path(sent)))["code"] == 230011
    forward = {"receive_id": "alice@example.com"}
    forwarded = await bot.call("POST", path(sent) + "/forward", forward, receive_id_type="email")
    assert forwarded["code"] == 230011


async def test_own_recall_is_told_to_nobody(bot: Bot) -> None:
    socket = await bot.platform.connect()
    sent = await bot.send()

    await bot.call("DELETE", path(sent))
    said = await bot.platform.say("the first event to come")

    frame = await socket.receive()
    assert json.loads(frame.payload)["event"]["message"]["message_id"] == said["message_id"]


async def test_users_message_is_not_the_bots_to_recall(bot: Bot) -> None:
    said = await bot.platform.say()

    assert (await bot.call("DELETE", path(said)))["code"] == 230026


async def test_many_revisions_take_bounded_memory() -> None:
    sender = Sender(SenderKind.APP, "cli_1", "bot")
    message = Message(fresh_message_id(), ChatId("oc_1"), sender, "text", [Revision("0")])

    for number in range(1_000):
        message.revise(str(number))

    assert (len(message.revisions), message.revision_count) == (100, 1_001)
    assert (message.revisions[0].content, message.content) == ("0", "999")


class OldMessages:
    """One message of the bot, and the APIs that change it, at a time of one's choice."""

    def __init__(self, http: aiohttp.ClientSession, message: Message, now: list[float]) -> None:
        self.http = http
        self.message = message
        self.now = now

    async def call(self, method: str, body: Any = None) -> int:
        async with self.http.request(
            method, f"{MESSAGES}/{self.message.message_id}", json=body
        ) as response:
            return int((await response.json())["code"])


@pytest.fixture
async def old(clock: FakeClock) -> AsyncIterator[OldMessages]:
    world = World(make_app("cli_a1b2c3d4e5f60718", "secret", "bot"), clock, keep=10)
    sent = card("one")
    sender = Sender(SenderKind.APP, world.app.app_id, "bot")
    chat = next(iter(world.chats.values()))
    revisions = [Revision(sent["content"])]
    message = Message(fresh_message_id(), chat.chat_id, sender, "interactive", revisions)
    world.cards.deal(message)
    world.messages.add(message)
    now = [message.created_at]
    app = web.Application(middlewares=[Calls().middleware])
    app.add_routes(Revisions(world, Limits(clock), now=lambda: now[0]).routes())
    async with AsyncExitStack() as stack:
        runner = web.AppRunner(app)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        http = await stack.enter_async_context(aiohttp.ClientSession(url))
        yield OldMessages(http, message, now)


async def test_card_is_patched_for_fourteen_days(old: OldMessages) -> None:
    body = {"content": card("two")["content"]}
    old.now[0] += 14 * DAY

    assert await old.call("PATCH", body) == 0
    old.now[0] += 1
    assert await old.call("PATCH", body) == 230031


async def test_message_is_recalled_for_a_day(old: OldMessages) -> None:
    old.now[0] += DAY + 1
    assert await old.call("DELETE") == 230009
    old.now[0] -= 1
    assert await old.call("DELETE") == 0
