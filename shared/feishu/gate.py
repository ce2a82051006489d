"""The gate that every call goes through: as fast as the platform lets the whole fleet."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import TYPE_CHECKING, Final, Protocol

from shared.errors import FeishuRateLimited
from shared.feishu.call import Call, Priority
from shared.feishu.refusals import CHAT_TOO_FAST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared.feishu.rates import Rates
    from shared.model.rate import Rate, Wait

_UNSAID: Final = 1.0
"""Seconds to pause for where the platform does not say for how long, as its short windows are."""

_SHORTEST: Final = 0.005


class Limiter(Protocol):
    """What a fleet counts together. Every method raises StoreUnavailable."""

    async def admit(self, rates: Sequence[Rate], /) -> Wait: ...
    async def pause(self, bucket: str, seconds: float, /) -> None: ...
    async def place(self, lasting: Rate, per_second: float, /) -> float: ...


class Gate:
    """Lets calls through, the important ones first.

    Of each API and priority one call of this process asks at a time, and the others wait behind it.
    """

    def __init__(self, limiter: Limiter, rates: Rates) -> None:
        self._limiter = limiter
        self._rates = rates
        self._lanes: defaultdict[tuple[str, Priority], asyncio.Lock] = defaultdict(asyncio.Lock)

    async def enter(self, call: Call) -> None:
        """Return when the call may be made. A revision that may not be made now is not to be made.

        Raises:
            FeishuRateLimited: it is a revision; `retry_after` says when another one might.
            StoreUnavailable: nothing is known.
        """
        rates = self._rates.of(call)
        if not rates:
            return
        lane = self._lanes[str(call), call.priority]
        if not lane.locked():
            wait = await self._limiter.admit(rates)
            if not wait.seconds:
                return
            if call.priority is Priority.REVISION:
                raise FeishuRateLimited(f"{call}: {wait.bucket} is full", retry_after=wait.seconds)
        seconds = await self._queued(lane, rates)
        while seconds:
            await asyncio.sleep(seconds)
            seconds = await self._queued(lane, rates)

    async def place(self, api: str) -> float:
        """Take a place in the line of revisions; return in how many seconds it comes.

        Raises:
            StoreUnavailable: nothing is known.
        """
        return await self._limiter.place(*self._rates.pace(api))

    async def slowed(self, call: Call, fault: FeishuRateLimited) -> None:
        """Have the whole fleet wait, but only those whom a refusal concerns.

        Raises:
            StoreUnavailable: nobody was told.
        """
        rates = self._rates.of(call)
        if rates:
            bucket = _concerned(rates, fault)
            await self._limiter.pause(bucket, fault.retry_after or _UNSAID)

    async def _queued(self, lane: asyncio.Lock, rates: Sequence[Rate]) -> float:
        """Wait in the lane while its API is full; return 0.0, or for how long something else is."""
        shared = {rate.bucket for rate in rates[:2]}
        async with lane:
            while True:
                wait = await self._limiter.admit(rates)
                if not wait.seconds or wait.bucket not in shared:
                    return wait.seconds
                await asyncio.sleep(max(wait.seconds, _SHORTEST))


def _concerned(rates: Sequence[Rate], fault: FeishuRateLimited) -> str:
    """A chat or message that is too fast has a code of its own; a card names its own limit."""
    first, _, *others = rates
    if fault.code == CHAT_TOO_FAST and others:
        return others[0].bucket
    named = (rate.bucket for rate in others if rate.at_most == fault.limit)
    return next(named, first.bucket)
