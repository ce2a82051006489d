"""What both APIs' requests have in common."""

from __future__ import annotations

from typing import Any

from simulator.model.conversation import ConversationError, Tool


def objects(asked: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Return a list of objects, empty if it is missing or null.

    Raises:
        ConversationError: it is something else.
    """
    found = asked.get(name)
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise ConversationError(f"{name} must be a list of objects")
    return found


def messages(asked: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the messages.

    Raises:
        ConversationError: there is none, or one has no role.
    """
    found = objects(asked, "messages")
    if not found:
        raise ConversationError("messages must be a list with at least one message")
    if not all(isinstance(message.get("role"), str) for message in found):
        raise ConversationError("every message must be an object with a role")
    return found


def model_name(asked: dict[str, Any]) -> str:
    """Return the model's name; any will do.

    Raises:
        ConversationError: there is none.
    """
    found = asked.get("model")
    if not isinstance(found, str) or not found:
        raise ConversationError("you must provide a model parameter")
    return found


def parts(content: Any) -> list[dict[str, Any]]:
    """Return a message's content as parts; a string is one part of text.

    Raises:
        ConversationError: it is neither.
    """
    if content is None:  # an assistant message that only calls tools
        return []
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    if not isinstance(content, list):
        raise ConversationError("content must be a string or a list of parts")
    return [part for part in content if isinstance(part, dict)]


def text_of(content: Any) -> str:
    """Return the words of a content.

    Raises:
        ConversationError: it is none.
    """
    found = (part.get("text") for part in parts(content))
    return "".join(text for text in found if isinstance(text, str))


def whole_number(asked: dict[str, Any], *names: str) -> int | None:
    """Return the first of these that is given.

    Raises:
        ConversationError: it is no positive whole number.
    """
    found = next((asked[name] for name in names if asked.get(name) is not None), None)
    if found is not None and (type(found) is not int or found < 1):
        raise ConversationError(f"{names[0]} must be a positive whole number")
    return found


def tool(described: dict[str, Any], schema_name: str) -> Tool:
    """Read a tool.

    Raises:
        ConversationError: it has no name.
    """
    name, schema = described.get("name"), described.get(schema_name)
    if not isinstance(name, str) or not name:
        raise ConversationError("every tool must have a name")
    return Tool(name, schema if isinstance(schema, dict) else {})
