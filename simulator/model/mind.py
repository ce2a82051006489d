"""The model itself: how it answers until told otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulator.model.answers import Answer, answer, wishes_of

if TYPE_CHECKING:
    from simulator.model.conversation import Asked
    from simulator.model.pace import Pace


@dataclass(slots=True)
class Mind:
    """Its `pace`, and the `length` of its answers in tokens; None is as long as they are."""

    pace: Pace
    length: int | None = None

    def answer(self, asked: Asked) -> tuple[Answer, Pace]:
        """Return what to say, and how fast this once."""
        return answer(asked, self.length), self.pace.wished(wishes_of(asked))
