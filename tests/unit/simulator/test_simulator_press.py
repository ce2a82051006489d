from __future__ import annotations

import asyncio
import base64
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from tests.unit.simulator.conftest import Bot

if TYPE_CHECKING:
    from tests.unit.simulator.conftest import Platform, Socket, Start

BUTTON = {"tag": "button", "text": {"tag": "plain_text", "content": "Go"}, "name": "go"}


def card(title: str, **config: Any) -> dict[str, Any]:
    elements = [{"tag": "markdown", "content": title, "element_id": "md"}, BUTTON]
    return {"schema": "2.0", "config": config, "body": {"elements": elements}}


async def sent(bot: Bot, shown: dict[str, Any]) -> str:
    message = await bot.send(msg_type="interactive", content=orjson.dumps(shown).decode())
    message_id: str = message["message_id"]
    return message_id


async def pressed(
    platform: Platform, socket: Socket, message_id: str, answer: bytes, **action: Any
) -> tuple[Any, Any]:
    """Press, have the app answer, and return what was pushed and what the user is shown."""
    asked = {"user": "alice", "message_id": message_id, "action": action}
    async with asyncio.TaskGroup() as tasks:
        showing = tasks.create_task(platform.post("/_sim/press", asked))
        frame = await socket.receive()
        await socket.ack(frame, answer)
    return orjson.loads(frame.payload), showing.result()


def answered(answer: object) -> bytes:
    data = base64.b64encode(orjson.dumps(answer)).decode()
    return orjson.dumps({"code": 200, "data": data})


async def test_press_tells_who_pressed_what_where(platform: Platform, bot: Bot) -> None:
    socket = await platform.connect()
    message_id = await sent(bot, card("hi"))

    event, _ = await pressed(
        platform, socket, message_id, b'{"code":200}', tag="button", value={"act": "go"}
    )

    world = await platform.get("/_sim/world")
    assert event["header"]["event_type"] == "card.action.trigger"
    assert len(event["header"]["create_time"]) == 16
    assert event["event"]["action"] == {"tag": "button", "value": {"act": "go"}}
    assert event["event"]["context"]["open_message_id"] == message_id
    assert event["event"]["operator"]["open_id"] == world["users"][0]["open_id"]
    assert event["event"]["token"].startswith("c-")


@pytest.mark.parametrize(
    "action",
    [
        {"tag": "select_static", "value": {"key": 1}, "option": "1"},
        {"tag": "multi_select_static", "options": ["1", "2"]},
        {"tag": "input", "input_value": "Zhang"},
        {"tag": "checker", "checked": True, "value": {"key": 1}},
        {"tag": "button", "name": "Button_1", "form_value": {"Input_1": "1234", "Select_1": ["1"]}},
    ],
)
async def test_each_component_sends_what_is_its_own(
    platform: Platform, bot: Bot, action: dict[str, Any]
) -> None:
    socket = await platform.connect()
    message_id = await sent(bot, card("hi"))

    event, _ = await pressed(platform, socket, message_id, b'{"code":200}', **action)

    assert event["event"]["action"] == action


async def test_toast_of_the_answer_is_shown(platform: Platform, bot: Bot) -> None:
    socket = await platform.connect()
    message_id = await sent(bot, card("hi"))
    toast = {"type": "success", "content": "done"}

    _, shown = await pressed(platform, socket, message_id, answered({"toast": toast}))

    assert (shown["toast"], shown["error"]) == (toast, None)


async def test_card_of_the_answer_replaces_the_card(platform: Platform, bot: Bot) -> None:
    socket = await platform.connect()
    message_id = await sent(bot, card("before"))
    after = {"type": "raw", "data": card("after")}

    _, shown = await pressed(platform, socket, message_id, answered({"card": after}))

    assert shown["error"] is None
    assert shown["card"]["body"]["elements"][0]["content"] == "after"
    assert (await bot.shown(message_id))["card"] == shown["card"]


async def test_streaming_card_is_not_replaced(platform: Platform, bot: Bot) -> None:
    socket = await platform.connect()
    message_id = await sent(bot, card("streaming", streaming_mode=True))
    after = {"type": "raw", "data": card("after")}

    _, shown = await pressed(platform, socket, message_id, answered({"card": after}))

    assert shown["error"] is None
    assert shown["card"]["body"]["elements"][0]["content"] == "streaming"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b'{"code":500}', 200671),
        (b"nonsense", 200671),
        (b'{"code":200,"data":"not base64!"}', 200672),
        (b'{"code":200,"data":{"toast":{}}}', 200672),
        (answered([1]), 200672),
        (answered({"toast": "hello"}), 200672),
        (answered({"toast": {"type": "loud", "content": "hello"}}), 200672),
        (answered({"card": "hello"}), 200673),
        (answered({"card": {"type": "raw", "data": {"schema": "2.0", "body": 7}}}), 200673),
        (answered({"card": {"type": "template", "data": {"template_id": "t"}}}), 200673),
    ],
)
async def test_user_is_shown_what_is_wrong_with_an_answer(
    platform: Platform, bot: Bot, answer: bytes, code: int
) -> None:
    socket = await platform.connect()
    message_id = await sent(bot, card("hi"))

    _, shown = await pressed(platform, socket, message_id, answer)

    assert shown["error"]["code"] == code
    assert shown["card"]["body"]["elements"][0]["content"] == "hi"


async def test_unanswered_press_is_never_pushed_again(start: Start) -> None:
    platform = await start(ack_deadline=0.2, time_scale=1_000_000)
    bot = Bot(platform, await platform.authorize())
    silent = await platform.connect()
    message_id = await sent(bot, card("hi"))

    shown = await platform.post("/_sim/press", {"message_id": message_id, "action": {}})

    assert not silent.ws.closed
    assert shown["error"]["code"] == 200341
    deliveries = await platform.deliveries(shown["event_id"])
    assert [each["attempt"] for each in deliveries] == [1]


async def test_press_without_a_connection_is_not_configured(platform: Platform, bot: Bot) -> None:
    message_id = await sent(bot, card("hi"))

    shown = await platform.post("/_sim/press", {"message_id": message_id})

    assert shown["error"]["code"] == 200340


async def test_token_of_an_answered_press_updates_the_card(platform: Platform, bot: Bot) -> None:
    socket = await platform.connect()
    message_id = await sent(bot, card("before"))
    event, _ = await pressed(platform, socket, message_id, b'{"code":200}')

    asked = {"token": event["event"]["token"], "card": card("later")}
    updated = await bot.call("POST", "/open-apis/interactive/v1/card/update", asked)

    assert updated["code"] == 0
    shown = await bot.shown(message_id)
    assert shown["card"]["body"]["elements"][0]["content"] == "later"


async def test_callbacks_come_as_card_frames_on_command(platform: Platform, bot: Bot) -> None:
    socket = await platform.connect()
    message_id = await sent(bot, card("hi"))
    await platform.post("/_sim/faults", {"kind": "card_frames"})

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(platform.post("/_sim/press", {"message_id": message_id}))
        frame = await socket.receive()
        await socket.ack(frame)

    assert frame.headers["type"] == "card"


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"message_id": "om_none"}, 404),
        ({"message_id": "om_none", "user": "nobody"}, 404),
        ({}, 400),
        ({"message_id": 7}, 400),
    ],
)
async def test_impossible_press_is_refused(platform: Platform, asked: Any, status: int) -> None:
    async with platform.http.post(f"{platform.url}/_sim/press", json=asked) as response:
        assert response.status == status


async def test_press_on_a_text_is_refused(platform: Platform, bot: Bot) -> None:
    message_id = (await bot.send())["message_id"]

    async with platform.http.post(
        f"{platform.url}/_sim/press", json={"message_id": message_id}
    ) as response:
        assert response.status == 400


async def test_link_preview_is_answered_like_a_press(platform: Platform) -> None:
    socket = await platform.connect()
    await platform.say("https://example.com")
    await socket.ack(await socket.receive())
    preview = {"inline": {"i18n_title": {"zh_cn": "a page"}}}

    async with asyncio.TaskGroup() as tasks:
        firing = tasks.create_task(platform.post("/_sim/events/url.preview.get", {}))
        frame = await socket.receive()
        await socket.ack(frame, answered(preview))

    assert orjson.loads(frame.payload)["event"]["context"]["url"].startswith("https://")
    assert firing.result()["answer"] == preview
