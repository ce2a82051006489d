from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.simulator.conftest import MESSAGES, Bot, FakeClock, text

if TYPE_CHECKING:
    from tests.unit.simulator.conftest import Platform, Start

TOKEN = "/open-apis/auth/v3/tenant_access_token/internal"
BOT = "/open-apis/bot/v3/info"
APP_TOKEN = "/open-apis/auth/v3/app_access_token/internal"


@pytest.mark.parametrize(
    ("app_id", "app_secret", "code"),
    [
        ("cli_a1b2c3d4e5f60718", "simulated-secret", 0),
        ("cli_a1b2c3d4e5f60718", "wrong", 10015),
        ("cli_ffffffffffffffff", "simulated-secret", 10014),
        ("nonsense", "simulated-secret", 10003),
        (None, None, 10003),
    ],
)
async def test_token_is_issued_or_refused_by_code(
    platform: Platform, app_id: Any, app_secret: Any, code: int
) -> None:
    answer = await platform.post(TOKEN, {"app_id": app_id, "app_secret": app_secret})

    assert answer["code"] == code
    assert ("tenant_access_token" in answer) == (code == 0)


async def test_second_token_is_the_first(platform: Platform) -> None:
    assert await platform.authorize() == await platform.authorize()


async def test_app_access_token_is_the_same_one(platform: Platform) -> None:
    asked = {"app_id": platform.options.app_id, "app_secret": platform.options.app_secret}

    answer = await platform.post(APP_TOKEN, asked)

    assert answer["app_access_token"] == answer["tenant_access_token"]
    assert {"Authorization": f"Bearer {answer['app_access_token']}"} == await platform.authorize()


async def test_two_tokens_are_valid_in_the_last_half_hour(start: Start, clock: FakeClock) -> None:
    platform = await start(clock)
    first = Bot(platform, await platform.authorize())
    clock.advance(90 * 60 + 1)

    second = Bot(platform, await platform.authorize())

    assert first.headers != second.headers
    assert (await first.call("GET", BOT))["code"] == 0
    assert (await second.call("GET", BOT))["code"] == 0
    clock.advance(30 * 60)
    assert (await first.call("GET", BOT))["code"] == 99991663
    assert (await second.call("GET", BOT))["code"] == 0


async def test_revoked_token_is_refused_and_replaced(bot: Bot) -> None:
    revoked = await bot.platform.post("/_sim/tokens/revoke")

    assert revoked == {"revoked": 1}
    assert (await bot.call("GET", BOT))["code"] == 99991663
    fresh = Bot(bot.platform, await bot.platform.authorize())
    assert (await fresh.call("GET", BOT))["code"] == 0


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, 99991661),
        ({"Authorization": "Bearer "}, 99991661),
        ({"Authorization": "Bearer t-expired"}, 99991663),
        ({"Authorization": "Bearer u-somebody"}, 99991668),
        ({"Authorization": "Bearer nonsense"}, 99991671),
    ],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/open-apis/bot/v3/info"),
        ("POST", MESSAGES),
        ("GET", MESSAGES + "/om_1"),
        ("POST", MESSAGES + "/om_1/reply"),
    ],
)
async def test_call_without_a_valid_token_is_refused(
    platform: Platform, headers: dict[str, str], code: int, method: str, path: str
) -> None:
    answer = await Bot(platform, headers).call(method, path)

    assert answer["code"] == code
    assert answer["error"]["log_id"]


async def test_message_is_sent_to_each_kind_of_address(bot: Bot) -> None:
    world = await bot.platform.get("/_sim/world")
    alice = world["users"][0]
    team = next(chat for chat in world["chats"] if chat["name"] == "team")

    sent = [
        await bot.create(alice["open_id"], "open_id"),
        await bot.create(alice["user_id"], "user_id"),
        await bot.create("alice@example.com", "email"),
        await bot.create(team["chat_id"], "chat_id"),
    ]

    assert [each["code"] for each in sent] == [0, 0, 0, 0]
    assert sent[0]["data"]["chat_id"] == sent[1]["data"]["chat_id"] == sent[2]["data"]["chat_id"]
    assert sent[3]["data"]["chat_id"] == team["chat_id"]
    assert sent[0]["data"]["sender"]["sender_type"] == "app"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"receive_id": ""}, 99992402),
        ({"msg_type": "telegram"}, 230001),
        ({"content": {"text": "not a string"}}, 99992402),
        ({"content": "not json"}, 230001),
        ({"content": "[]"}, 230001),
        ({"content": '{"txt":1}'}, 230001),
        ({"uuid": "u" * 51}, 99992402),
        (text("x" * 150 * 1024), 230025),
        ({"msg_type": "post", "content": '{"zh_cn":"' + "x" * 30 * 1024 + '"}'}, 230025),
    ],
)
async def test_message_that_cannot_be_sent_has_its_code(
    bot: Bot, changes: dict[str, Any], code: int
) -> None:
    assert (await bot.create("alice@example.com", "email", **changes))["code"] == code


async def test_unknown_addresses_have_their_codes(bot: Bot) -> None:
    assert (await bot.create("oc_nowhere", "chat_id"))["code"] == 230002
    assert (await bot.create("ou_nobody", "open_id"))["code"] == 230013
    assert (await bot.create("alice", "name"))["code"] == 99992402


async def test_unknown_message_is_refused(bot: Bot) -> None:
    assert (await bot.reply("om_gone"))["code"] == 230001
    assert (await bot.call("GET", f"{MESSAGES}/om_gone"))["code"] == 230001


async def test_reply_to_a_reply_keeps_the_root(bot: Bot) -> None:
    root = (await bot.platform.say())["message_id"]

    first = (await bot.reply(root))["data"]
    second = (await bot.reply(first["message_id"]))["data"]

    assert (first["root_id"], first["parent_id"]) == (root, root)
    assert (second["root_id"], second["parent_id"]) == (root, first["message_id"])
    assert "thread_id" not in second


async def test_reply_in_thread_starts_one_and_stays_in_it(bot: Bot) -> None:
    root = (await bot.platform.say())["message_id"]

    first = (await bot.reply(root, reply_in_thread=True))["data"]
    second = (await bot.reply(first["message_id"]))["data"]

    assert first["thread_id"].startswith("omt_")
    assert second["thread_id"] == first["thread_id"]


async def test_same_uuid_is_sent_once(bot: Bot) -> None:
    root = (await bot.platform.say())["message_id"]

    first = await bot.reply(root, uuid="once")
    second = await bot.reply(root, uuid="once")
    other = await bot.reply(root, uuid="twice")

    assert second == first
    assert other["data"]["message_id"] != first["data"]["message_id"]
    answers = (await bot.platform.get(f"/_sim/answers/{root}"))["answers"]
    assert len(answers) == 2


async def test_got_message_is_the_sent_one(bot: Bot) -> None:
    sent = await bot.send(**text("hello"))

    got = await bot.call("GET", f"{MESSAGES}/{sent['message_id']}")

    assert got["data"]["items"] == [sent]


async def test_calls_are_recorded_without_their_secrets(bot: Bot) -> None:
    await bot.create("ou_nobody", "open_id")

    calls = await bot.platform.get("/_sim/calls", limit=1)
    stats = await bot.platform.get("/_sim/stats")

    recorded = {"at", "method", "path", "api", "code", "http_status", "ms", "app_id"}
    assert calls[0].keys() == recorded
    assert (calls[0]["code"], calls[0]["app_id"]) == (230013, "cli_a1b2c3d4e5f60718")
    assert stats["calls"][f"POST {MESSAGES}"] == {"230013": 1}
