"""The answer in a stream of chat completion chunks. Pure: bytes in, text out.

https://platform.openai.com/docs/api-reference/chat-streaming
"""

from __future__ import annotations

import json
from typing import Any, Final

import orjson

from shared.errors import ModelRefused, ModelUnavailable
from shared.model.progress import Progress

_THOUGHTS: Final = ("<think>", "</think>")


class StreamedAnswer:
    """What a model has said so far."""

    def __init__(self) -> None:
        self.is_done = False
        self.read = 0
        self.wrote = 0
        self._tail = b""
        self._spoken = ""
        self._thought = ""
        self._is_over = False

    @property
    def tokens(self) -> int:
        """How many were read and written, as far as the model tells."""
        return self.read + self.wrote

    @property
    def has_begun(self) -> bool:
        """Whether there is anything to show."""
        return bool(self._spoken or self._thought)

    @property
    def progress(self) -> Progress:
        """All that can be shown."""
        return Progress(self.text, self.thoughts)

    @property
    def thoughts(self) -> str:
        """What the model said to itself, in a field of its own or before the answer."""
        opens, closes = _THOUGHTS
        before, _, said = _joined(self._spoken).lstrip().partition(opens)
        inside = "" if before else said.partition(closes)[0]
        return (_joined(self._thought) + inside).strip()

    @property
    def text(self) -> str:
        """The answer without the thoughts that some models say before it."""
        opens, closes = _THOUGHTS
        said = _joined(self._spoken)
        if said.lstrip().startswith(opens):
            return said.partition(closes)[2].lstrip()
        return said

    def feed(self, raw: bytes) -> None:
        """Add what has come; it may end anywhere.

        Raises:
            ModelUnavailable: it says that something went wrong.
            ModelRefused: its content filter ended the answer.
        """
        *lines, self._tail = (self._tail + raw).split(b"\n")
        for line in lines:
            if line.startswith(b"data:"):
                self._hear(line[5:].strip())

    def end(self) -> str:
        """Return the whole answer, once the stream has ended.

        Raises:
            ModelUnavailable: it broke off.
            ModelRefused: the model said nothing.
        """
        self.feed(b"\n")
        if not self._is_over:
            raise ModelUnavailable("the model's answer broke off")
        if not self.text.strip():
            raise ModelRefused("the model returned nothing")
        return self.text

    def _hear(self, event: bytes) -> None:
        if event == b"[DONE]":
            self._is_over = self.is_done = True
            return
        chunk = _parsed(event)
        if chunk.get("error"):
            raise ModelUnavailable("the model failed amidst its answer")
        if usage := chunk.get("usage"):
            self.read = usage.get("prompt_tokens") or 0
            self.wrote = usage.get("completion_tokens") or 0
        for choice in (chunk.get("choices") or [])[:1]:
            delta = choice.get("delta") or choice.get("message") or {}
            self._thought += delta.get("reasoning_content") or delta.get("reasoning") or ""
            self._spoken += delta.get("content") or delta.get("refusal") or ""
            if finish := choice.get("finish_reason"):
                self._is_over = True
                if finish == "content_filter":
                    raise ModelRefused("the model's content filter")


def _parsed(event: bytes) -> dict[str, Any]:
    """Read a chunk; half a surrogate pair, which some servers send, is read by `json` alone."""
    try:
        try:
            chunk = orjson.loads(event)
        except orjson.JSONDecodeError:
            chunk = json.loads(event)
    except ValueError as error:
        raise ModelUnavailable("the model sent something that is no JSON") from error
    if not isinstance(chunk, dict):
        raise ModelUnavailable("the model sent something that is no chunk")
    return chunk


def _joined(text: str) -> str:
    """Put the halves of surrogate pairs together; one without its other half is `�`."""
    if text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
