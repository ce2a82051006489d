"""One completion, and the shapes it takes on the wire."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from simulator.model.answers import tokens

if TYPE_CHECKING:
    from simulator.model.answers import Turn


@dataclass(frozen=True, slots=True)
class Completion:
    """One answer, before it is put into a shape."""

    model: str
    conversation: list[Turn]
    tokens: list[str]
    completion_id: str = field(default_factory=lambda: f"chatcmpl-{uuid.uuid4().hex}")
    created: int = field(default_factory=lambda: int(time.time()))

    def usage(self) -> dict[str, int]:
        """Count as tokens what `tokens` calls tokens, in the prompt too."""
        prompt = sum(len(tokens(turn.text)) for turn in self.conversation)
        spoken = len(self.tokens)
        return {
            "prompt_tokens": prompt,
            "completion_tokens": spoken,
            "total_tokens": prompt + spoken,
        }

    def whole(self) -> dict[str, object]:
        message = {"role": "assistant", "content": "".join(self.tokens), "refusal": None}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
        return self._shape("chat.completion", [choice], self.usage())

    def chunk(self, delta: dict[str, str], finish_reason: str | None = None) -> dict[str, object]:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        return self._shape("chat.completion.chunk", [choice], None)

    def usage_chunk(self) -> dict[str, object]:
        """Return the extra last chunk that `stream_options.include_usage` asks for."""
        return self._shape("chat.completion.chunk", [], self.usage())

    def _shape(
        self, kind: str, choices: list[dict[str, object]], usage: dict[str, int] | None
    ) -> dict[str, object]:
        return {
            "id": self.completion_id,
            "object": kind,
            "created": self.created,
            "model": self.model,
            "choices": choices,
            "usage": usage,
        }
