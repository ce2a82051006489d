"""`/_sim/burst`: many messages at a steady rate, made inside, for measuring what takes them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aiohttp import web

from simulator.control.refusals import refuse, text_field
from simulator.wire import json_object, json_response

if TYPE_CHECKING:
    from simulator.control.saying import Saying
    from simulator.gateway.push import Push

TICK: Final = 0.01
"""Seconds between two handfuls of messages."""
MOST: Final = 10_000_000
FASTEST: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Order:
    """`count` messages of one user in one chat, `rate` of them a second."""

    count: int
    rate: int
    user: str
    chat: str
    text: str


class Burst:
    """One at a time; a request over HTTP for each message would cost more than the message."""

    def __init__(self, saying: Saying, push: Push) -> None:
        self._saying = saying
        self._push = push
        self._running = False

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/_sim/burst", self.burst)]

    async def burst(self, request: web.Request) -> web.Response:
        """Say it all, and answer when the last one has gone out."""
        order = _order(await json_object(request))
        if self._running:
            return json_response({"error": "a burst is on its way already"}, status=409)
        self._running = True
        try:
            seconds = await self._say(order)
        finally:
            self._running = False
        return json_response({"count": order.count, "seconds": seconds})

    async def _say(self, order: Order) -> float:
        user = self._saying.user(order.user)
        chat = self._saying.chat(order.chat, user)
        loop = asyncio.get_running_loop()
        started_at = loop.time()
        said = 0
        while said < order.count:
            # What a late tick owes is made up for, so the rate holds on the average.
            due = min(order.count, int((loop.time() - started_at + TICK) * order.rate))
            for number in range(said, due):
                _, event = self._saying.say(user, chat, f"{order.text} {number}")
                self._push.push(event)
            said = due
            await asyncio.sleep(TICK)
        return loop.time() - started_at


def _order(asked: dict[str, Any]) -> Order:
    return Order(
        count=_number(asked, "count", 1_000, MOST),
        rate=_number(asked, "rate", 1_000, FASTEST),
        user=text_field(asked, "user", "alice"),
        chat=text_field(asked, "chat", "p2p"),
        text=text_field(asked, "text", "burst"),
    )


def _number(asked: dict[str, Any], name: str, default: int, most: int) -> int:
    found = asked.get(name, default)
    if isinstance(found, bool) or not isinstance(found, int) or not 1 <= found <= most:
        refuse(f"{name} must be a whole number from 1 to {most}")
    return found
