"""`/v1/chat/completions` and `/v1/models`, in the shapes OpenAI's clients parse.

Any key and any model name will do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aiohttp import web

from simulator.model.bad_days import Refusal
from simulator.model.completion import Completion
from simulator.model.conversation import ConversationError
from simulator.model.openai_request import read_openai
from simulator.wire import BodyError, json_object, json_response

if TYPE_CHECKING:
    from simulator.model.bad_days import BadDays
    from simulator.model.mind import Mind

MODEL: Final = "simulated"
TOO_MANY_REQUESTS: Final = 429


class Completions:
    """The endpoint."""

    def __init__(self, mind: Mind, bad_days: BadDays) -> None:
        self._mind = mind
        self._bad_days = bad_days

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/v1/chat/completions", self.complete),
            web.get("/v1/models", self.models),
        ]

    async def complete(self, request: web.Request) -> web.StreamResponse:
        try:
            body = await json_object(request)
            asked = read_openai(body)
        except (BodyError, ConversationError) as error:
            return _refused(Refusal(400, 0.0), str(error))
        instead = await self._bad_days.before(request)
        if instead is not None:
            return _failed(instead) if isinstance(instead, Refusal) else instead
        answer, pace = self._mind.answer(asked)
        completion = Completion(asked, answer)
        if body.get("stream"):
            lines = completion.lines(usage=_wants_usage(body))
            return await self._bad_days.stream(request, lines, pace)
        await self._bad_days.silence(request, answer.tokens, pace)
        return json_response(completion.whole())

    async def models(self, _: web.Request) -> web.Response:
        listed = {"id": MODEL, "object": "model", "created": 0, "owned_by": "simulator"}
        return json_response({"object": "list", "data": [listed]})


def _wants_usage(asked: dict[str, Any]) -> bool:
    stream_options = asked.get("stream_options")
    return isinstance(stream_options, dict) and bool(stream_options.get("include_usage"))


def _failed(refusal: Refusal) -> web.Response:
    too_fast = refusal.status == TOO_MANY_REQUESTS
    kind = "rate_limit_exceeded" if too_fast else "server_error"
    why = "Rate limit reached" if too_fast else "The model is having a bad day"
    return _refused(refusal, why, kind)


def _refused(refusal: Refusal, why: str, kind: str = "invalid_request_error") -> web.Response:
    error = {"message": why, "type": kind, "param": None, "code": None}
    return json_response({"error": error}, status=refusal.status, headers=refusal.headers)
