"""One completion, and the shapes it takes on OpenAI's wire."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from simulator.model.answers import tokens
from simulator.model.pace import Line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.model.answers import Answer, Call
    from simulator.model.conversation import Asked

Json = dict[str, Any]
DONE = b"data: [DONE]\n\n"


@dataclass(frozen=True, slots=True)
class Completion:
    asked: Asked
    answer: Answer
    completion_id: str = field(default_factory=lambda: f"chatcmpl-{uuid.uuid4().hex}")
    created: int = field(default_factory=lambda: int(time.time()))

    def whole(self) -> Json:
        answer = self.answer
        message: Json = {
            "role": "assistant",
            "content": None if answer.calls else "".join(answer.words),
            "refusal": None,
        }
        if answer.thoughts:
            message["reasoning_content"] = "".join(answer.thoughts)
        if answer.calls:
            message["tool_calls"] = [_call(call) for call in answer.calls]
        choice = {
            "index": 0,
            "message": message,
            "logprobs": None,
            "finish_reason": self._finish_reason(),
        }
        return self._shape("chat.completion", [choice], self._usage())

    def lines(self, *, usage: bool) -> Iterator[Line]:
        """Yield the stream; with `usage` the extra chunk `stream_options` asks for."""
        yield self._chunk({"role": "assistant", "content": ""})
        for token in self.answer.thoughts:
            yield self._chunk({"reasoning_content": token}, is_token=True)
        for token in self.answer.words:
            yield self._chunk({"content": token}, is_token=True)
        for index, call in enumerate(self.answer.calls):
            yield from self._calling(index, _call(call))
        yield self._chunk({}, finish_reason=self._finish_reason())
        if usage:
            yield _line(self._shape("chat.completion.chunk", [], self._usage()))
        yield Line(DONE)

    def _calling(self, index: int, call: Json) -> Iterator[Line]:
        arguments: str = call["function"]["arguments"]
        begun = {**call, "index": index, "function": {**call["function"], "arguments": ""}}
        yield self._chunk({"tool_calls": [begun]}, is_token=True)
        for piece in (arguments[: len(arguments) // 2], arguments[len(arguments) // 2 :]):
            more = {"index": index, "function": {"arguments": piece}}
            yield self._chunk({"tool_calls": [more]})

    def _chunk(
        self, delta: Json, *, finish_reason: str | None = None, is_token: bool = False
    ) -> Line:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        return _line(self._shape("chat.completion.chunk", [choice], None), is_token=is_token)

    def _finish_reason(self) -> str:
        if self.answer.calls:
            return "tool_calls"
        return "length" if self.answer.is_cut else "stop"

    def _usage(self) -> Json:
        """Count as tokens what `tokens` calls tokens, in the prompt too."""
        prompt = sum(len(tokens(turn.text)) for turn in self.asked.turns)
        spoken = self.answer.tokens
        return {
            "prompt_tokens": prompt,
            "completion_tokens": spoken,
            "total_tokens": prompt + spoken,
        }

    def _shape(self, kind: str, choices: list[Json], usage: Json | None) -> Json:
        return {
            "id": self.completion_id,
            "object": kind,
            "created": self.created,
            "model": self.asked.model,
            "choices": choices,
            "usage": usage,
        }


def _call(call: Call) -> Json:
    function = {"name": call.name, "arguments": call.arguments}
    return {"id": f"call_{uuid.uuid4().hex[:24]}", "type": "function", "function": function}


def _line(chunk: Json, *, is_token: bool = False) -> Line:
    return Line(b"data: " + orjson.dumps(chunk) + b"\n\n", is_token)
