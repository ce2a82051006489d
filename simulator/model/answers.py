"""What the model says: a pure function of the conversation it is shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

TOKEN = re.compile(r"\s*\S+|\s+\Z")


class ConversationError(ValueError):
    """`messages` is not what a chat completion takes."""


@dataclass(frozen=True, slots=True)
class Turn:
    role: str
    text: str


def read_conversation(messages: Any) -> list[Turn]:
    """Read `messages`, whose contents may be strings or lists of parts.

    Raises:
        ConversationError: it is no list of messages with roles, or is empty.
    """
    if not isinstance(messages, list) or not messages:
        raise ConversationError("messages must be a list with at least one message")
    return [_turn(message) for message in messages]


def answer(conversation: list[Turn]) -> str:
    """Repeat the last user message, and tell how many there were to show the history came.

    "hello" is answered "You said: hello"; as the third message of a user it is answered
    "You said: hello (message 3 of this conversation)".
    """
    said = [turn.text for turn in conversation if turn.role == "user"]
    if not said:
        return "You said nothing."
    if len(said) == 1:
        return f"You said: {said[0]}"
    return f"You said: {said[-1]} (message {len(said)} of this conversation)"


def tokens(text: str) -> list[str]:
    """Cut a text into words, each with the space before it; joined they are the text."""
    return TOKEN.findall(text)


def _turn(message: Any) -> Turn:
    role = message.get("role") if isinstance(message, dict) else None
    if not isinstance(role, str):
        raise ConversationError("every message must be an object with a role")
    return Turn(role, _text(message.get("content")))


def _text(content: Any) -> str:
    if content is None:  # an assistant message that only calls tools
        return ""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        raise ConversationError("content must be a string or a list of parts")
    return "".join(
        part["text"]
        for part in content
        if isinstance(part, dict) and isinstance(part.get("text"), str)
    )
