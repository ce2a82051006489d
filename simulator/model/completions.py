"""`/v1/chat/completions` and `/v1/models`, in the shapes the official clients parse.

Any key and any model name will do; tools are accepted and never called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson
from aiohttp import web

from simulator.model.answers import (
    ConversationError,
    answer,
    read_conversation,
    tokens,
)
from simulator.model.completion import Completion
from simulator.wire import BodyError, json_object, json_response

if TYPE_CHECKING:
    from simulator.model.pace import Pace

MODEL: Final = "simulated"


class Completions:
    """The endpoint."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/v1/chat/completions", self.complete),
            web.get("/v1/models", self.models),
        ]

    async def complete(self, request: web.Request) -> web.StreamResponse:
        try:
            asked = await json_object(request)
            conversation = read_conversation(asked.get("messages"))
        except (BodyError, ConversationError) as error:
            return _refused(str(error))
        model = asked.get("model")
        if not isinstance(model, str) or not model:
            return _refused("you must provide a model parameter")
        completion = Completion(model, conversation, tokens(answer(conversation)))
        if asked.get("stream"):
            return await self._stream(request, completion, usage=_wants_usage(asked))
        await self._pace.silence(len(completion.tokens))
        return json_response(completion.whole())

    async def models(self, _: web.Request) -> web.Response:
        listed = {"id": MODEL, "object": "model", "created": 0, "owned_by": "simulator"}
        return json_response({"object": "list", "data": [listed]})

    async def _stream(
        self, request: web.Request, completion: Completion, *, usage: bool
    ) -> web.StreamResponse:
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"}
        )
        await response.prepare(request)
        await response.write(_sse(completion.chunk({"role": "assistant", "content": ""})))
        async for token in self._pace.spoken(completion.tokens):
            await response.write(_sse(completion.chunk({"content": token})))
        await response.write(_sse(completion.chunk({}, finish_reason="stop")))
        if usage:
            await response.write(_sse(completion.usage_chunk()))
        await response.write(b"data: [DONE]\n\n")
        return response


def _wants_usage(asked: dict[str, Any]) -> bool:
    stream_options = asked.get("stream_options")
    return isinstance(stream_options, dict) and bool(stream_options.get("include_usage"))


def _sse(chunk: dict[str, object]) -> bytes:
    return b"data: " + orjson.dumps(chunk) + b"\n\n"


def _refused(why: str) -> web.Response:
    error = {"message": why, "type": "invalid_request_error", "param": None, "code": None}
    return json_response({"error": error}, status=400)
