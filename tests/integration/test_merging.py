"""The official client on a merged stream: the same answer, in fewer pieces."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web
from openai import APIConnectionError, APIError, AsyncOpenAI, DefaultAioHttpClient

from tests.eventually import PATIENCE
from tests.integration.modelled import answering
from tests.unit.test_sse import chunk, event, finish, tool_call, usage
from workers.responders.agent.merging import merge_text

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

WORDS = [f"word {number} " for number in range(100)]
BREAK = b"break"
HOLD = b"hold"


class Model:
    """A model that streams what it is given, a piece at a time; `BREAK` ends it badly."""

    def __init__(self) -> None:
        self.pieces: Sequence[bytes] = ()
        self.url = ""
        self.left = asyncio.Event()

    async def stream(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        try:
            for piece in self.pieces:
                if piece == BREAK:
                    assert request.transport is not None
                    request.transport.abort()
                elif piece == HOLD:
                    await asyncio.Event().wait()
                else:
                    await response.write(piece)
                    await asyncio.sleep(0.001)
        finally:
            self.left.set()
        return response


@pytest.fixture
async def model() -> AsyncIterator[Model]:
    model = Model()
    async with answering(model.stream) as model.url:
        yield model


@asynccontextmanager
async def client(model: Model, *, merged: bool) -> AsyncIterator[AsyncOpenAI]:
    def made() -> AsyncOpenAI:  # it reads certificates from the disk
        http = DefaultAioHttpClient(event_hooks={"response": [merge_text]} if merged else {})
        return AsyncOpenAI(base_url=model.url, api_key="none", http_client=http, max_retries=0)

    async with await asyncio.to_thread(made) as one:
        yield one


async def heard(model: Model, pieces: Sequence[bytes], *, merged: bool) -> dict[str, Any]:
    """Ask the model; return what came of it, and in how many chunks."""
    model.pieces = pieces
    told: dict[str, Any] = {"text": "", "tools": "", "finish": None, "usage": None, "chunks": 0}
    async with client(model, merged=merged) as one:
        stream = await one.chat.completions.create(model="m", messages=[], stream=True)
        async for part in stream:
            told["chunks"] += 1
            told["usage"] = part.usage or told["usage"]
            for choice in part.choices:
                told["text"] += choice.delta.content or ""
                for call in choice.delta.tool_calls or []:
                    told["tools"] += (call.function and call.function.arguments) or ""
                told["finish"] = choice.finish_reason or told["finish"]
    return told


async def test_answer_is_the_same_in_fewer_chunks(model: Model) -> None:
    pieces = [
        *(event(chunk(word)) for word in WORDS),
        *(event(tool_call(part)) for part in ('{"a"', ":1}")),
        *(event(chunk(word)) for word in WORDS),
        event(finish()),
        event(usage()),
        b"data: [DONE]\n\n",
    ]

    plain = await heard(model, pieces, merged=False)
    merged = await heard(model, pieces, merged=True)

    assert plain.pop("chunks") == 2 * len(WORDS) + 4
    assert merged.pop("chunks") < len(WORDS)
    assert merged == plain
    assert merged["text"] == "".join(WORDS * 2)
    assert (merged["tools"], merged["usage"].total_tokens) == ('{"a":1}', 7)


async def test_connection_that_breaks_is_the_same_fault(model: Model) -> None:
    pieces = [*(event(chunk(word)) for word in WORDS), BREAK]

    for merged in (False, True):
        with pytest.raises(APIConnectionError):
            await heard(model, pieces, merged=merged)


async def test_error_amidst_the_stream_is_the_same_error(model: Model) -> None:
    pieces = [event(chunk("a")), event({"error": {"message": "overloaded"}})]

    for merged in (False, True):
        with pytest.raises(APIError, match="overloaded"):
            await heard(model, pieces, merged=merged)


async def test_text_does_not_wait_for_more_than_the_window(model: Model) -> None:
    model.pieces = [event(chunk("first")), event(chunk("then")), HOLD]
    async with client(model, merged=True) as one:
        stream = await one.chat.completions.create(model="m", messages=[], stream=True)
        texts = [(await anext(stream)).choices[0].delta.content for _ in range(2)]

    assert texts == ["first", "then"]


async def test_who_stops_listening_lets_the_model_go(model: Model) -> None:
    model.pieces = [event(chunk("first")), HOLD]
    async with client(model, merged=True) as one:
        stream = await one.chat.completions.create(model="m", messages=[], stream=True)
        await anext(stream)
        await stream.close()

        await asyncio.wait_for(model.left.wait(), PATIENCE)
