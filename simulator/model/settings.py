"""`/_sim/model`: how the model answers every request that wishes nothing itself."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from aiohttp import web

from simulator.control.refusals import refuse
from simulator.model.pace import Pace
from simulator.model.wishes import LONGEST_PACE, MOST_TOKENS
from simulator.wire import json_object, json_response

if TYPE_CHECKING:
    from simulator.model.mind import Mind

PATH: Final = "/_sim/model"
NAMES: Final = frozenset({"first_token_delay", "tokens_per_second", "length"})


class Settings:
    """Shown, and changed as far as they are given. JSON has no infinity: null is at once."""

    def __init__(self, mind: Mind) -> None:
        self._mind = mind

    def routes(self) -> list[web.RouteDef]:
        return [web.get(PATH, self.show), web.post(PATH, self.change)]

    async def show(self, _: web.Request) -> web.Response:
        pace = self._mind.pace
        rate = pace.tokens_per_second
        return json_response(
            {
                "first_token_delay": pace.first_token_delay,
                "tokens_per_second": None if math.isinf(rate) else rate,
                "length": self._mind.length,
            }
        )

    async def change(self, request: web.Request) -> web.Response:
        asked = await json_object(request)
        if unknown := asked.keys() - NAMES:
            refuse(f"there is no setting {min(unknown)!r}")
        pace = self._mind.pace
        delay = _seconds(asked.get("first_token_delay", pace.first_token_delay))
        rate = _rate(asked.get("tokens_per_second", pace.tokens_per_second))
        length = _length(asked.get("length", self._mind.length))
        self._mind.pace, self._mind.length = Pace(delay, rate), length
        return await self.show(request)


def _seconds(given: Any) -> float:
    if not _is_number(given) or not 0 <= given <= LONGEST_PACE:
        refuse(f"first_token_delay must be a number of seconds, at most {LONGEST_PACE:.0f}")
    return float(given)


def _rate(given: Any) -> float:
    if given is None:
        return math.inf
    if not _is_number(given) or not given > 0:
        refuse("tokens_per_second must be a number above 0, or null")
    return float(given)


def _length(given: Any) -> int | None:
    if given is None:
        return None
    if type(given) is not int or not 1 <= given <= MOST_TOKENS:
        refuse(f"length must be a whole number of at most {MOST_TOKENS}, or null")
    return given


def _is_number(given: Any) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool)
