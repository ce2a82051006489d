"""A request of OpenAI's chat completions, read."""

from __future__ import annotations

from typing import Any

from simulator.model.conversation import Asked, Tool, ToolResult, Turn
from simulator.model.pictures import picture_at
from simulator.model.reading import (
    messages,
    model_name,
    objects,
    parts,
    text_of,
    tool,
    whole_number,
)


def read_openai(asked: dict[str, Any]) -> Asked:
    """Read a request.

    Raises:
        ConversationError: it is not one.
    """
    tools = tuple(_tools(asked))
    return Asked(
        model=model_name(asked),
        turns=_turns(asked),
        tools=tools,
        forced=_forced(asked.get("tool_choice"), tools),
        most_tokens=whole_number(asked, "max_completion_tokens", "max_tokens"),
    )


def _turns(asked: dict[str, Any]) -> tuple[Turn, ...]:
    names: dict[object, str] = {}
    turns: list[Turn] = []
    for message in messages(asked):
        for call in objects(message, "tool_calls"):
            function = call.get("function")
            if isinstance(function, dict) and isinstance(call.get("id"), str):
                names[call["id"]] = str(function.get("name"))
        turns.append(_turn(message, names, turns))
    return tuple(turns)


def _turn(message: dict[str, Any], names: dict[object, str], before: list[Turn]) -> Turn:
    role, text = message["role"], text_of(message.get("content"))
    if role != "tool":
        return Turn(role, text, images=_images(message))
    call_id = message.get("tool_call_id")
    name = names.get(call_id, "tool") if isinstance(call_id, str) else "tool"
    # The results of calls made at once come as one message each, one after the other.
    earlier = before[-1].results if before and before[-1].role == "tool" else ()
    return Turn(role, text, results=(*earlier, ToolResult(name, text)))


def _images(message: dict[str, Any]) -> tuple[str, ...]:
    held = (part.get("image_url") for part in parts(message.get("content")))
    return tuple(picture_at(image.get("url")) for image in held if isinstance(image, dict))


def _tools(asked: dict[str, Any]) -> list[Tool]:
    functions = (each.get("function") for each in objects(asked, "tools"))
    return [tool(each, "parameters") for each in functions if isinstance(each, dict)]


def _forced(choice: Any, tools: tuple[Tool, ...]) -> str | None:
    if choice == "required" and tools:
        return tools[0].name
    function = choice.get("function") if isinstance(choice, dict) else None
    name = function.get("name") if isinstance(function, dict) else None
    return name if isinstance(name, str) else None
