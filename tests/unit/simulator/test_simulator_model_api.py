from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from tests.eventually import soon

if TYPE_CHECKING:
    from tests.unit.simulator.conftest import Platform, Start

OPENAI, ANTHROPIC = "/v1/chat/completions", "/v1/messages"


@pytest.fixture
async def model(start: Start) -> Platform:
    return await start(first_token_delay=0.0, tokens_per_second=math.inf)


def question(text: str = "hi", **more: Any) -> dict[str, Any]:
    messages = [{"role": "user", "content": text}]
    return {"model": "m", "max_tokens": 100, "messages": messages, **more}


async def read_into(received: bytearray, response: aiohttp.ClientResponse) -> None:
    async for chunk in response.content.iter_any():
        received += chunk


async def none_stands(model: Platform) -> bool:
    return not await model.get("/_sim/faults")


async def test_settings_are_shown_and_changed(model: Platform) -> None:
    changed = await model.post("/_sim/model", {"length": 3, "tokens_per_second": 50})

    assert changed == {"first_token_delay": 0.0, "tokens_per_second": 50.0, "length": 3}
    assert await model.get("/_sim/model") == changed
    answered = await model.post(OPENAI, question())
    assert answered["usage"]["completion_tokens"] == 3


@pytest.mark.parametrize(
    "asked",
    [
        {"first_token_delay": -1},
        {"first_token_delay": True},
        {"tokens_per_second": 0},
        {"length": 0},
        {"length": 1.5},
        {"mood": "bad"},
    ],
)
async def test_impossible_settings_are_refused(model: Platform, asked: dict[str, Any]) -> None:
    before = await model.get("/_sim/model")

    assert "error" in await model.post("/_sim/model", asked)
    assert await model.get("/_sim/model") == before


@pytest.mark.parametrize(("path", "kind"), [(OPENAI, None), (ANTHROPIC, "error")])
async def test_error_tells_when_to_come_back(model: Platform, path: str, kind: str | None) -> None:
    fault = {"kind": "model_error", "status": 429, "retry_after": 2}
    await model.post("/_sim/faults", fault)

    async with model.http.post(model.url + path, json=question()) as refused:
        body = await refused.json()

    assert (refused.status, refused.headers["Retry-After"]) == (429, "2")
    assert body["error"]["message"]
    assert body.get("type") == kind
    assert "error" not in await model.post(path, question())


@pytest.mark.parametrize("path", [OPENAI, ANTHROPIC])
async def test_stream_is_cut_after_some_tokens(model: Platform, path: str) -> None:
    await model.post("/_sim/faults", {"kind": "model_cut", "after": 2})
    received = bytearray()

    async with model.http.post(model.url + path, json=question(stream=True)) as response:
        with pytest.raises(aiohttp.ClientError):
            await read_into(received, response)

    assert b"said:" in received
    assert b"hi" not in received


@pytest.mark.parametrize("path", [OPENAI, ANTHROPIC])
async def test_answer_in_one_piece_may_be_cut(model: Platform, path: str) -> None:
    await model.post("/_sim/faults", {"kind": "model_cut"})

    with pytest.raises(aiohttp.ClientError):
        await model.post(path, question())


@pytest.mark.parametrize("path", [OPENAI, ANTHROPIC])
async def test_garbage_is_no_answer(model: Platform, path: str) -> None:
    await model.post("/_sim/faults", {"kind": "model_garbage"})

    async with model.http.post(model.url + path, json=question(stream=True)) as response:
        assert b"Bad Gateway" in await response.read()


async def test_hanging_model_answers_nobody_but_the_next(model: Platform) -> None:
    await model.post("/_sim/faults", {"kind": "model_hang"})

    hanging = asyncio.create_task(model.post(OPENAI, question()))
    await soon(lambda: none_stands(model))
    answered = await model.post(OPENAI, question())

    assert answered["choices"][0]["message"]["content"] == "You said: hi"
    assert not hanging.done()
    hanging.cancel()


async def test_fault_is_aimed_at_one_of_the_apis(model: Platform) -> None:
    await model.post("/_sim/faults", {"kind": "model_error", "where": {"api": ANTHROPIC}})

    assert "error" not in await model.post(OPENAI, question())
    assert "error" in await model.post(ANTHROPIC, question())


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"model":"m"}', b'{"messages":[]}'])
@pytest.mark.parametrize("path", [OPENAI, ANTHROPIC, ANTHROPIC + "/count_tokens"])
async def test_malformed_request_is_refused(model: Platform, path: str, body: bytes) -> None:
    async with model.http.post(model.url + path, data=body) as response:
        assert response.status == 400
        assert (await response.json())["error"]["type"] == "invalid_request_error"
