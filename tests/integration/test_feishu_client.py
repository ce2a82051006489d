from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from cli.ports import free_port
from shared.errors import FeishuRateLimited, FeishuRejected, FeishuUnavailable
from shared.feishu.call import Call, Priority
from shared.feishu.sendable import text
from shared.feishu.transport import connected
from shared.model.ids import ConversationId, MessageId
from shared.model.target import Target
from shared.open_api import open_api
from shared.settings import Limits
from tests.integration.scripted import Answer, scripted, token

if TYPE_CHECKING:
    from shared.store.connection import Store
    from shared.store.keys import Keys

TARGET = Target(MessageId("om_1"), ConversationId("oc_1"))
ME = {"code": 0, "bot": {"open_id": "ou_bot"}}


async def test_many_callers_cost_one_token(store: Store, keys: Keys) -> None:
    async with scripted(tenant_access_token=token, info=lambda _: ME) as script:
        feishu = open_api(script.transport, store, keys, script.feishu, Limits())

        bots = await asyncio.gather(*(feishu.bot() for _ in range(20)))

    assert set(bots) == {"ou_bot"}
    assert script.calls["tenant_access_token"] == 1


async def test_refused_token_is_replaced_once(store: Store, keys: Keys) -> None:
    def info(count: int) -> Answer:
        refused = {"code": 99991663, "msg": "Invalid access token"}
        return web.json_response(refused, status=400) if count == 0 else ME

    async with scripted(tenant_access_token=token, info=info) as script:
        assert (
            await open_api(script.transport, store, keys, script.feishu, Limits()).bot() == "ou_bot"
        )

    sent = [request.headers.get("Authorization") for request in script.seen]
    assert sent == [None, "Bearer t-0", None, "Bearer t-1"]


async def test_token_that_stays_refused_is_an_error(store: Store, keys: Keys) -> None:
    def info(_: int) -> Answer:
        return web.json_response({"code": 99991663, "msg": "Invalid access token"}, status=400)

    async with scripted(tenant_access_token=token, info=info) as script:
        with pytest.raises(FeishuRejected) as caught:
            await open_api(script.transport, store, keys, script.feishu, Limits()).bot()

    assert caught.value.code == 99991663
    assert script.calls["info"] == 2


async def test_every_try_at_a_reply_bears_the_same_uuid(store: Store, keys: Keys) -> None:
    def reply(_: int) -> Answer:
        return {"code": 0, "data": {"message_id": "om_2"}}

    async with scripted(tenant_access_token=token, reply=reply) as script:
        feishu = open_api(script.transport, store, keys, script.feishu, Limits())
        for _ in range(2):
            await feishu.reply(TARGET, text("hi"), part="answer", priority=Priority.FINAL)

    first, second = (body for body in script.bodies if "uuid" in body)
    assert first == second
    assert (first["msg_type"], first["content"]) == ("text", '{"text":"hi"}')


@pytest.mark.parametrize(
    "answer",
    [
        web.Response(status=502, text="<html>bad gateway</html>", content_type="text/html"),
        web.Response(status=200, text="[]", content_type="application/json"),
        web.Response(status=200, text="{}", content_type="application/json"),
        web.Response(status=500, text='{"code": 7}', content_type="application/json"),
    ],
    ids=["html", "list", "no_code", "http_500"],
)
async def test_half_an_answer_may_be_asked_for_again(
    answer: web.Response, store: Store, keys: Keys
) -> None:
    async with scripted(tenant_access_token=lambda _: answer) as script:
        with pytest.raises(FeishuUnavailable):
            await open_api(script.transport, store, keys, script.feishu, Limits()).bot()


async def test_nobody_there_may_be_there_later() -> None:
    async with connected(f"http://127.0.0.1:{free_port()}") as transport:
        with pytest.raises(FeishuUnavailable):
            await transport.call(Call("GET", "/"))


async def test_slow_answer_is_given_up() -> None:
    async with scripted(timeout=0.000_001, tenant_access_token=token) as script:
        with pytest.raises(FeishuUnavailable):
            await script.transport.call(Call("GET", "/tenant_access_token"))


async def test_rate_limit_says_for_how_long() -> None:
    def limited(_: int) -> Answer:
        return web.json_response(
            {"code": 99991400, "msg": "request trigger frequency limit"},
            status=429,
            headers={"x-ogw-ratelimit-reset": "52"},
        )

    async with scripted(info=limited) as script:
        with pytest.raises(FeishuRateLimited) as caught:
            await script.transport.call(Call("GET", "/info"))

    assert caught.value.retry_after == 52.0
