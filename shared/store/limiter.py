"""The limits that a whole fleet keeps: who may make a call now, and who has to wait."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from shared.errors import StoreUnavailable
from shared.model.rate import Wait

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared.model.rate import Rate
    from shared.store.connection import Store
    from shared.store.keys import Keys
    from shared.store.line import Argument

_AT_ONCE: Final = 100


class Limiter:
    """Counts the calls of all processes of an app together, by the clock of Redis.

    Whatever asks while a question is under way is asked together, in one step.
    """

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store = store
        self._keys = keys
        self._asking: list[tuple[Sequence[Rate], asyncio.Future[Wait]]] = []
        self._task: asyncio.Task[None] | None = None

    async def admit(self, rates: Sequence[Rate]) -> Wait:
        """Count a call in all of these buckets, or say how long it has to wait.

        Whoever has to wait was counted nowhere, and asks again.

        Raises:
            StoreUnavailable: Redis did not confirm.
        """
        answer: asyncio.Future[Wait] = asyncio.get_running_loop().create_future()
        self._asking.append((rates, answer))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._ask(), name="limiter")
        return await answer

    async def pause(self, bucket: str, seconds: float) -> None:
        """Admit no call of a bucket for a while: the platform said so.

        Raises:
            StoreUnavailable: Redis did not confirm.
        """
        await self._store.put(f"{self._keys.pauses}{bucket}", b"", seconds=seconds)

    async def place(self, lasting: Rate, per_second: float) -> float:
        """Take the next place in the line of revisions; return in how many seconds it comes.

        `lasting` is the bucket of the longer window, which is never to be filled.

        Raises:
            StoreUnavailable: Redis did not confirm.
        """
        keys = [f"{self._keys.limits}{lasting.bucket}", self._keys.paced(lasting.bucket)]
        arguments: list[Argument] = [_ms(lasting.seconds), lasting.share, str(per_second)]
        microseconds: int = await self._store.run("pace", keys, arguments)
        return microseconds / 1_000_000

    async def _ask(self) -> None:
        while self._asking:
            batch, self._asking = self._asking[:_AT_ONCE], self._asking[_AT_ONCE:]
            answers = [answer for _, answer in batch]
            try:
                waits = await self._waits([rates for rates, _ in batch])
                for answer, wait in zip(answers, waits, strict=True):
                    if not answer.done():  # else whoever asked has left
                        answer.set_result(wait)
            except StoreUnavailable as error:
                for answer in answers:
                    if not answer.done():
                        answer.set_exception(error)
            finally:
                for answer in answers:
                    answer.cancel()  # unless it is done, as all are but after a bug

    async def _waits(self, calls: Sequence[Sequence[Rate]]) -> list[Wait]:
        arguments: list[Argument] = []
        for rates in calls:
            arguments.append(len(rates))
            for rate in rates:
                arguments += (rate.bucket, _ms(rate.seconds), rate.at_most, rate.share)
        keys = [self._keys.limits, self._keys.pauses]
        told = await self._store.run("admit", keys, arguments)
        return [
            Wait(wait / 1000, rates[which - 1].bucket) if wait else Wait(0.0)
            for rates, wait, which in zip(calls, told[::2], told[1::2], strict=True)
        ]


def _ms(seconds: float) -> int:
    return int(seconds * 1000)
