"""The faults of the Open API, as an app meets them."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest

from tests.unit.simulator.conftest import MESSAGES, Bot

BOT = "/open-apis/bot/v3/info"


async def order(bot: Bot, kind: str, **fault: Any) -> None:
    assert "fault_id" in await bot.platform.post("/_sim/faults", {"kind": kind, **fault})


async def answered(bot: Bot, method: str = "GET", path: str = BOT, **given: Any) -> Any:
    async with bot.platform.http.request(
        method, bot.platform.url + path, headers=bot.headers, **given
    ) as response:
        return response.status, (await response.json())["code"], response.headers


async def sent_by_bot(bot: Bot) -> int:
    return len(await bot.platform.get("/_sim/messages"))


async def test_error_is_answered_once_and_has_no_effect(bot: Bot) -> None:
    await order(bot, "http_error", status=503, code=2200, msg="busy")
    body = {"receive_id": "alice@example.com", "msg_type": "text", "content": '{"text":"hi"}'}

    refused = await answered(bot, "POST", MESSAGES + "?receive_id_type=email", json=body)

    assert refused[:2] == (503, 2200)
    assert await sent_by_bot(bot) == 0
    assert (await answered(bot))[:2] == (200, 0)


async def test_limit_and_quota_are_played(bot: Bot) -> None:
    await order(bot, "rate_limited", reset=7)
    status, code, headers = await answered(bot)
    assert (status, code, headers["x-ogw-ratelimit-reset"]) == (429, 99991400, "7")

    await order(bot, "quota_spent")
    assert (await answered(bot))[:2] == (429, 99991403)


async def test_revoked_token_stays_revoked(bot: Bot) -> None:
    await order(bot, "token_revoked")

    assert (await answered(bot))[1] == 99991663
    assert (await answered(bot))[1] == 99991663
    fresh = Bot(bot.platform, await bot.platform.authorize())
    assert (await answered(fresh))[1] == 0


async def test_lost_answer_is_an_effect_without_an_answer(bot: Bot) -> None:
    await order(bot, "lost_answer", where={"api": MESSAGES})

    with pytest.raises(aiohttp.ServerDisconnectedError):
        await bot.send()

    assert await sent_by_bot(bot) == 1
    calls = await bot.platform.get("/_sim/calls", limit=1)
    assert calls[0]["path"] == MESSAGES


async def test_hanging_call_has_no_effect(bot: Bot) -> None:
    await order(bot, "hang", where={"api": MESSAGES})

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await bot.send()

    assert await sent_by_bot(bot) == 0


async def test_slow_call_is_answered_in_the_end(bot: Bot) -> None:
    await order(bot, "slow", seconds=2)
    slow = asyncio.create_task(answered(bot))
    first_done = asyncio.create_task(answered(bot, path="/open-apis/im/v1/chats"))

    done, _ = await asyncio.wait({slow, first_done}, return_when=asyncio.FIRST_COMPLETED)

    assert len(done) == 1
    assert (await slow)[0] == (await first_done)[0] == 200


async def test_fault_is_aimed_at_one_chat(bot: Bot) -> None:
    alices = await bot.platform.say()
    bobs = await bot.platform.say(user="bob")
    await order(bot, "http_error", status=500, where={"chat_id": bobs["chat_id"]})

    elsewhere = await bot.reply(alices["message_id"])
    reply = {"msg_type": "text", "content": '{"text":"hi"}'}
    refused = await answered(bot, "POST", f"{MESSAGES}/{bobs['message_id']}/reply", json=reply)

    assert elsewhere["code"] == 0
    assert refused[0] == 500


async def test_fault_aimed_at_a_chat_finds_those_who_are_written_to(bot: Bot) -> None:
    bobs = await bot.platform.say(user="bob")
    await order(bot, "quota_spent", where={"chat_id": bobs["chat_id"]})

    await bot.send()
    body = {"receive_id": "bob@example.com", "msg_type": "text", "content": '{"text":"hi"}'}
    refused = await answered(bot, "POST", MESSAGES + "?receive_id_type=email", json=body)

    assert refused[1] == 99991403


async def test_unknown_path_is_no_api_to_fail(bot: Bot) -> None:
    await order(bot, "http_error")

    async with bot.platform.http.get(bot.platform.url + "/open-apis/nothing") as response:
        assert response.status == 404
        assert response.headers["X-Tt-Logid"]
