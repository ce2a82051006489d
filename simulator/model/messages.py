"""`/v1/messages` and `/v1/messages/count_tokens`, in the shapes Anthropic's clients parse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aiohttp import web

from simulator.model.anthropic_request import read_anthropic
from simulator.model.bad_days import Refusal
from simulator.model.conversation import ConversationError
from simulator.model.message import Message, input_tokens
from simulator.wire import BodyError, json_object, json_response

if TYPE_CHECKING:
    from simulator.model.bad_days import BadDays
    from simulator.model.mind import Mind

PATH: Final = "/v1/messages"
BAD_REQUEST: Final = Refusal(400, 0.0)
ERRORS: Final = {
    400: "invalid_request_error",
    401: "authentication_error",
    429: "rate_limit_error",
    529: "overloaded_error",
}


class Messages:
    """The endpoint."""

    def __init__(self, mind: Mind, bad_days: BadDays) -> None:
        self._mind = mind
        self._bad_days = bad_days

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post(PATH, self.create),
            web.post(PATH + "/count_tokens", self.count_tokens),
        ]

    async def create(self, request: web.Request) -> web.StreamResponse:
        try:
            body = await json_object(request)
            asked = read_anthropic(body)
        except (BodyError, ConversationError) as error:
            return _refused(BAD_REQUEST, str(error))
        instead = await self._bad_days.before(request)
        if instead is not None:
            return _failed(instead) if isinstance(instead, Refusal) else instead
        answer, pace = self._mind.answer(asked)
        message = Message(asked, answer)
        if body.get("stream"):
            return await self._bad_days.stream(request, message.lines(), pace)
        await self._bad_days.silence(request, answer.tokens, pace)
        return json_response(message.whole())

    async def count_tokens(self, request: web.Request) -> web.Response:
        try:
            asked = read_anthropic(await json_object(request), counts_only=True)
        except (BodyError, ConversationError) as error:
            return _refused(BAD_REQUEST, str(error))
        return json_response({"input_tokens": input_tokens(asked)})


def _failed(refusal: Refusal) -> web.Response:
    return _refused(refusal, "The model is having a bad day")


def _refused(refusal: Refusal, why: str) -> web.Response:
    error = {"type": ERRORS.get(refusal.status, "api_error"), "message": why}
    body = {"type": "error", "error": error}
    return json_response(body, status=refusal.status, headers=refusal.headers)
