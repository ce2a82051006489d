"""How fast the model speaks."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from simulator.model.wishes import Wishes


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of a stream. One that is a token waits for its time."""

    text: bytes
    is_token: bool = False


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds to the first token, and tokens per second from there; infinity is at once."""

    first_token_delay: float
    tokens_per_second: float

    def wished(self, wishes: Wishes) -> Pace:
        """Return the pace a request wishes for itself, or this one."""
        if wishes.first_token_delay is None or wishes.tokens_per_second is None:
            return self
        return Pace(wishes.first_token_delay, wishes.tokens_per_second)

    async def spoken(self, lines: Iterable[Line]) -> AsyncIterator[Line]:
        """Yield each line when it is due; after a late one the next are not late too."""
        loop = asyncio.get_running_loop()
        started_at = loop.time() + self.first_token_delay
        number = 0
        for line in lines:
            if line.is_token:
                wait = started_at + number / self.tokens_per_second - loop.time()
                number += 1
                if wait > 0:
                    await asyncio.sleep(wait)
            yield line

    async def silence(self, tokens: int) -> None:
        """Wait as long as saying that many tokens takes, for an answer in one piece."""
        await asyncio.sleep(self.first_token_delay + max(0, tokens - 1) / self.tokens_per_second)
