"""One message, and the shapes it takes on Anthropic's wire."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

import orjson

from simulator.model.answers import tokens
from simulator.model.pace import Line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.model.answers import Answer, Call
    from simulator.model.conversation import Asked

Json = dict[str, Any]
SIGNATURE = "c2ltdWxhdGVk"
"""What vouches for a thought; the simulator takes any back."""


@dataclass(frozen=True, slots=True)
class Message:
    asked: Asked
    answer: Answer
    message_id: str = field(default_factory=lambda: f"msg_{uuid.uuid4().hex[:24]}")

    def whole(self) -> Json:
        answer, content = self.answer, list[Json]()
        if answer.thoughts:
            content.append(_thinking("".join(answer.thoughts), SIGNATURE))
        if answer.words:
            content.append(_text("".join(answer.words)))
        content.extend(_tool_use(call, orjson.loads(call.arguments)) for call in answer.calls)
        return self._shape(content, self._stop_reason(), answer.tokens)

    def lines(self) -> Iterator[Line]:
        """Yield the events of the stream, in the order the API promises."""
        yield _event("message_start", message=self._shape([], None, 0))
        yield _event("ping")
        numbers = count()
        if self.answer.thoughts:
            yield from _thinking_lines(next(numbers), self.answer.thoughts)
        if self.answer.words:
            yield from _text_lines(next(numbers), self.answer.words)
        for call in self.answer.calls:
            yield from _tool_use_lines(next(numbers), call)
        stop = {"stop_reason": self._stop_reason(), "stop_sequence": None}
        yield _event("message_delta", delta=stop, usage={"output_tokens": self.answer.tokens})
        yield _event("message_stop")

    def _stop_reason(self) -> str:
        if self.answer.calls:
            return "tool_use"
        return "max_tokens" if self.answer.is_cut else "end_turn"

    def _shape(self, content: list[Json], stop_reason: str | None, spoken: int) -> Json:
        return {
            "id": self.message_id,
            "type": "message",
            "role": "assistant",
            "model": self.asked.model,
            "content": content,
            "stop_reason": stop_reason,
            "stop_sequence": None,
            "usage": {"input_tokens": input_tokens(self.asked), "output_tokens": spoken},
        }


def input_tokens(asked: Asked) -> int:
    """Count what `tokens` calls tokens."""
    return sum(len(tokens(turn.text)) for turn in asked.turns)


def _thinking_lines(index: int, thoughts: tuple[str, ...]) -> Iterator[Line]:
    yield _event("content_block_start", index=index, content_block=_thinking("", ""))
    for token in thoughts:
        yield _delta(index, {"type": "thinking_delta", "thinking": token}, is_token=True)
    yield _delta(index, {"type": "signature_delta", "signature": SIGNATURE})
    yield _event("content_block_stop", index=index)


def _text_lines(index: int, words: tuple[str, ...]) -> Iterator[Line]:
    yield _event("content_block_start", index=index, content_block=_text(""))
    for token in words:
        yield _delta(index, {"type": "text_delta", "text": token}, is_token=True)
    yield _event("content_block_stop", index=index)


def _tool_use_lines(index: int, call: Call) -> Iterator[Line]:
    yield _event("content_block_start", index=index, content_block=_tool_use(call, {}))
    half = len(call.arguments) // 2
    for piece in (call.arguments[:half], call.arguments[half:]):
        yield _delta(index, {"type": "input_json_delta", "partial_json": piece}, is_token=True)
    yield _event("content_block_stop", index=index)


def _text(text: str) -> Json:
    return {"type": "text", "text": text}


def _thinking(thoughts: str, signature: str) -> Json:
    return {"type": "thinking", "thinking": thoughts, "signature": signature}


def _tool_use(call: Call, arguments: Any) -> Json:
    tool_id = f"toolu_{uuid.uuid4().hex[:24]}"
    return {"type": "tool_use", "id": tool_id, "name": call.name, "input": arguments}


def _delta(index: int, delta: Json, *, is_token: bool = False) -> Line:
    return _event("content_block_delta", is_token=is_token, index=index, delta=delta)


def _event(kind: str, *, is_token: bool = False, **fields: Any) -> Line:
    written = orjson.dumps({"type": kind, **fields})
    return Line(b"event: " + kind.encode() + b"\ndata: " + written + b"\n\n", is_token)
