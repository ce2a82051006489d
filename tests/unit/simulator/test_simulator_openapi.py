from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
import pytest

if TYPE_CHECKING:
    from tests.unit.simulator.conftest import Platform

MESSAGES = "/open-apis/im/v1/messages"
TOKEN = "/open-apis/auth/v3/tenant_access_token/internal"


class Bot:
    """An app's HTTP calls, with a valid token unless told otherwise."""

    def __init__(self, platform: Platform, headers: dict[str, str]) -> None:
        self.platform = platform
        self.headers = headers

    async def call(self, method: str, path: str, body: Any = None, **query: str) -> Any:
        url = self.platform.url + path
        async with self.platform.http.request(
            method, url, json=body, params=query, headers=self.headers
        ) as response:
            answer = await response.json()
        assert response.headers["X-Tt-Logid"]
        assert response.status == (200 if answer["code"] == 0 else 400)
        return answer

    async def create(self, address: str, receive_id_type: str, **changes: Any) -> Any:
        body = {"receive_id": address, **text("hi"), **changes}
        return await self.call("POST", MESSAGES, body, receive_id_type=receive_id_type)

    async def reply(self, message_id: str, **changes: Any) -> Any:
        return await self.call("POST", f"{MESSAGES}/{message_id}/reply", {**text("hi"), **changes})


@pytest.fixture
async def bot(platform: Platform) -> Bot:
    return Bot(platform, await platform.authorize())


def text(words: str) -> dict[str, str]:
    return {"msg_type": "text", "content": orjson.dumps({"text": words}).decode()}


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


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, 99991661),
        ({"Authorization": "Bearer "}, 99991661),
        ({"Authorization": "Bearer t-expired"}, 99991663),
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
    card = {"msg_type": "interactive", "content": '{"schema":"2.0","body":{"elements":[]}}'}
    sent = (await bot.create("alice@example.com", "email", **card))["data"]

    got = await bot.call("GET", f"{MESSAGES}/{sent['message_id']}")

    assert got["data"]["items"] == [sent]


async def test_calls_are_recorded_without_their_secrets(bot: Bot) -> None:
    await bot.create("ou_nobody", "open_id")

    calls = await bot.platform.get("/_sim/calls", limit=1)
    stats = await bot.platform.get("/_sim/stats")

    assert calls[0].keys() == {"method", "path", "code", "http_status", "ms", "app_id"}
    assert (calls[0]["code"], calls[0]["app_id"]) == (230013, "cli_a1b2c3d4e5f60718")
    assert stats["calls"][f"POST {MESSAGES}"] == {"230013": 1}
