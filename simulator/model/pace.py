"""How fast the model speaks."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds to the first token, and tokens per second from there; infinity is at once."""

    first_token_delay: float
    tokens_per_second: float

    async def spoken(self, tokens: list[str]) -> AsyncIterator[str]:
        """Yield each token when it is due; after a late one the next are not late too."""
        loop = asyncio.get_running_loop()
        started_at = loop.time() + self.first_token_delay
        for number, token in enumerate(tokens):
            wait = started_at + number / self.tokens_per_second - loop.time()
            if wait > 0:
                await asyncio.sleep(wait)
            yield token

    async def silence(self, tokens: int) -> None:
        """Wait as long as saying that many tokens takes, for an answer in one piece."""
        await asyncio.sleep(self.first_token_delay + max(0, tokens - 1) / self.tokens_per_second)
