"""`/_sim/answers/{message_id}`: wait for the bot's answer to one message."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from aiohttp import web

from simulator.control.refusals import not_found, refuse
from simulator.ids import MessageId
from simulator.wire import json_response
from simulator.world.cards import rendered
from simulator.world.plaintext import plain_text

if TYPE_CHECKING:
    from simulator.gateway.deliveries import Deliveries, Delivery
    from simulator.world.messages import Message, Messages

PATIENCE: Final = 30.0
"""Seconds to wait for an answer, unless told."""
MOST_PATIENCE: Final = 3600.0


class Answers:
    """Long polls, each woken by the answer it waits for."""

    def __init__(self, messages: Messages, deliveries: Deliveries) -> None:
        self._messages = messages
        self._deliveries = deliveries
        self._waiting: dict[MessageId, set[asyncio.Future[None]]] = {}
        messages.listen(self._wake)

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/_sim/answers/{message_id}", self.get)]

    async def get(self, request: web.Request) -> web.Response:
        asked = self._messages.get(MessageId(request.match_info["message_id"]))
        if asked is None:
            not_found("there is no such message")
        try:
            async with asyncio.timeout(_patience(request)):
                await self._answered(asked.message_id)
        except TimeoutError:
            return json_response({"error": "no answer", "message_id": asked.message_id}, status=408)
        return json_response(self._shape(asked))

    async def _answered(self, message_id: MessageId) -> None:
        while not _is_whole(self._messages.bot_replies(message_id)):
            await self._next_reply(message_id)

    async def _next_reply(self, message_id: MessageId) -> None:
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        waiting = self._waiting.setdefault(message_id, set())
        waiting.add(woken)
        try:
            await woken
        finally:
            waiting.discard(woken)
            if not waiting:
                self._waiting.pop(message_id, None)

    def _wake(self, message: Message) -> None:
        parent_id = message.place.parent_id
        for woken in self._waiting.get(parent_id, ()) if parent_id else ():
            if not woken.done():
                woken.set_result(None)

    def _shape(self, asked: Message) -> dict[str, object]:
        answers = self._messages.bot_replies(asked.message_id)
        deliveries = self._deliveries.of(asked.message_id)
        return {
            "message_id": asked.message_id,
            "event_id": asked.event_id,
            "answers": [_answer(message) for message in answers],
            "latency": _latency(answers, deliveries),
        }


def _is_whole(replies: list[Message]) -> bool:
    """Tell whether there is an answer and none of its messages grows."""
    return bool(replies) and all(reply.is_final() for reply in replies)


def _patience(request: web.Request) -> float:
    try:
        patience = float(request.query.get("timeout", PATIENCE))
    except ValueError:
        patience = -1.0
    if not 0 <= patience <= MOST_PATIENCE:
        refuse(f"timeout must be a number of seconds, at most {MOST_PATIENCE:.0f}")
    return patience


def _answer(message: Message) -> dict[str, object]:
    return {
        "message_id": message.message_id,
        "msg_type": message.msg_type,
        "text": plain_text(message),
        "content": message.content,
        "card": rendered(message),
        "revisions": message.revision_count,
        "create_time": message.created_at,
    }


def _latency(answers: list[Message], deliveries: list[Delivery]) -> dict[str, float | None]:
    # All from the first frame: what the ladder adds is part of what the user waited.
    sent_at = next((d.sent_at for d in deliveries if d.connection_id is not None), None)
    if sent_at is None:  # never sent over a socket, or so long ago that it is forgotten
        return {"frame_to_ack": None, "frame_to_first_revision": None, "frame_to_final": None}
    acked_at = next((d.acked_at for d in deliveries if d.acked_at is not None), None)
    return {
        "frame_to_ack": None if acked_at is None else acked_at - sent_at,
        "frame_to_first_revision": answers[0].created_at - sent_at,
        "frame_to_final": max(answer.updated_at for answer in answers) - sent_at,
    }
