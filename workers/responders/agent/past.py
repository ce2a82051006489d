"""Messages of pydantic-ai on their way into the history and out of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pydantic
from pydantic_ai.messages import (
    BinaryContent,
    ModelMessagesTypeAdapter,
    ModelRequest,
    ThinkingPart,
    ToolReturnPart,
    UserPromptPart,
)

from workers.responders.exchange import read

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pydantic_ai.messages import ModelMessage

_LONGEST: Final = 4000
"""Characters of a tool's result that are remembered."""


def recalled(history: Iterable[bytes]) -> list[ModelMessage]:
    """Read exchanges, oldest first; one that this release cannot read is left out."""
    found: list[ModelMessage] = []
    for exchange in read(history):
        try:
            found += ModelMessagesTypeAdapter.validate_python(exchange.messages)
        except pydantic.ValidationError:
            continue
    return found


def remembered(messages: Iterable[ModelMessage]) -> list[dict[str, Any]]:
    """Return what of a run is kept: no pictures, no thoughts, no instructions, short results."""
    kept = [_shortened(message) for message in messages]
    return as_json([message for message in kept if message.parts])


def as_json(messages: Sequence[ModelMessage]) -> list[dict[str, Any]]:
    """Return messages as they are, as JSON."""
    written: list[dict[str, Any]] = ModelMessagesTypeAdapter.dump_python(
        [*messages], mode="json", exclude_none=True
    )
    return written


def _shortened(message: ModelMessage) -> ModelMessage:
    if isinstance(message, ModelRequest):
        parts = [_in_words(part) for part in message.parts]
        return replace(message, parts=parts, instructions=None)
    return replace(
        message, parts=[part for part in message.parts if not isinstance(part, ThinkingPart)]
    )


def _in_words(part: Any) -> Any:
    match part:
        case UserPromptPart(content=[*contents]):
            words = ["[image]" if isinstance(each, BinaryContent) else each for each in contents]
            return replace(part, content="\n".join(map(str, words)))
        case ToolReturnPart():
            said = part.model_response_str()
            return part if len(said) <= _LONGEST else replace(part, content=f"{said[:_LONGEST]}…")
        case _:
            return part
