"""A request of Anthropic's messages, read."""

from __future__ import annotations

from typing import Any, Final

from simulator.model.conversation import Asked, ConversationError, Tool, ToolResult, Turn
from simulator.model.pictures import picture, picture_at
from simulator.model.reading import (
    messages,
    model_name,
    objects,
    parts,
    text_of,
    tool,
    whole_number,
)

REMINDER: Final = "<system-reminder>"
"""What a block begins with that a client, and not the user, put into a message."""


def read_anthropic(asked: dict[str, Any], *, counts_only: bool = False) -> Asked:
    """Read a request; one that only counts tokens needs no `max_tokens`.

    Raises:
        ConversationError: it is not one.
    """
    most_tokens = whole_number(asked, "max_tokens")
    if most_tokens is None and not counts_only:
        raise ConversationError("max_tokens: Field required")
    tools = tuple(tool(each, "input_schema") for each in objects(asked, "tools"))
    return Asked(
        model=model_name(asked),
        turns=_turns(asked),
        tools=tools,
        forced=_forced(asked.get("tool_choice"), tools),
        most_tokens=most_tokens,
    )


def _turns(asked: dict[str, Any]) -> tuple[Turn, ...]:
    names: dict[str, str] = {}
    turns = [Turn("system", text_of(asked.get("system")))]
    for message in messages(asked):
        blocks = parts(message.get("content"))
        for block in blocks:
            if block.get("type") == "tool_use" and isinstance(block.get("id"), str):
                names[block["id"]] = str(block.get("name"))
        results = tuple(_results(blocks, names))
        turns.append(Turn(message["role"], _words(blocks), tuple(_images(blocks)), results))
    return tuple(turns)


def _words(blocks: list[dict[str, Any]]) -> str:
    texts = (block.get("text") for block in blocks if block.get("type") == "text")
    said = (text for text in texts if isinstance(text, str))
    return "".join(text for text in said if not text.startswith(REMINDER))


def _results(blocks: list[dict[str, Any]], names: dict[str, str]) -> list[ToolResult]:
    return [
        ToolResult(names.get(str(block.get("tool_use_id")), "tool"), text_of(block.get("content")))
        for block in blocks
        if block.get("type") == "tool_result"
    ]


def _images(blocks: list[dict[str, Any]]) -> list[str]:
    sources = [block.get("source") for block in blocks if block.get("type") == "image"]
    return [_image(source) for source in sources]


def _image(source: Any) -> str:
    if not isinstance(source, dict):
        raise ConversationError("an image must have a source")
    if source.get("type") == "url":
        return picture_at(source.get("url"))
    return picture(source.get("data"))


def _forced(choice: Any, tools: tuple[Tool, ...]) -> str | None:
    kind = choice.get("type") if isinstance(choice, dict) else None
    if kind == "any" and tools:
        return tools[0].name
    name = choice.get("name") if kind == "tool" else None
    return name if isinstance(name, str) else None
