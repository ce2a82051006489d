"""The port between a turn and whoever writes its answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import orjson

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True, slots=True)
class Answer:
    """What the user gets, and what the history grows by (in the responder's own format)."""

    text: str
    exchange: bytes

    def to_bytes(self) -> bytes:
        """Write it down, for a turn that goes on with it."""
        return orjson.dumps(self.text) + b"\n" + self.exchange

    @classmethod
    def from_bytes(cls, written: bytes) -> Answer:
        text, _, exchange = written.partition(b"\n")
        return cls(orjson.loads(text), exchange)


class Responder(Protocol):
    """A mind."""

    async def answer(
        self, prompt: str, history: Sequence[bytes], revise: Callable[[str], None]
    ) -> Answer:
        """Answer a prompt; `history` holds the exchanges this responder wrote, oldest first.

        `revise` is called with all of the text so far whenever it has grown.

        Raises:
            ModelUnavailable: later, perhaps.
            ModelRefused: never.
        """
