"""An exchange as it is kept in the history, whoever wrote it: a question and its answer.

One JSON object: `question` is the id of the message that was answered, `messages` what was said in
the form of pydantic-ai (https://ai.pydantic.dev/message-history/), and `session` what a program
calls the conversation that it keeps itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from shared.model.ids import MessageId

Role = Literal["user", "assistant"]
Json = dict[str, Any]


class Said(NamedTuple):
    """One side of an exchange, in words."""

    role: Role
    content: str


class Exchange(NamedTuple):
    """A kept exchange; `question` and `session` are empty if there is none."""

    messages: list[Json]
    question: str = ""
    session: str = ""

    @property
    def said(self) -> list[Said]:
        """Return its words alone: no tools, no thoughts, no pictures."""
        return [said for message in self.messages for said in _said(message)]


def written(question: MessageId, messages: Sequence[Json], *, session: str = "") -> bytes:
    """Write an exchange down."""
    return orjson.dumps({"question": question, "session": session, "messages": [*messages]})


def in_words(prompt: str, text: str) -> list[Json]:
    """Return a question and its answer as messages."""
    return [
        {"kind": "request", "parts": [{"part_kind": "user-prompt", "content": prompt}]},
        {"kind": "response", "parts": [{"part_kind": "text", "content": text}]},
    ]


def read(history: Iterable[bytes]) -> list[Exchange]:
    """Read exchanges, oldest first; one that another release wrote in another form is left out."""
    found = []
    for entry in history:
        try:
            found.append(_exchange(orjson.loads(entry)))
        except (ValueError, KeyError, TypeError, AttributeError):
            continue
    return found


def session_of(history: Iterable[bytes]) -> str:
    """Return the session that the last exchange was in; empty for none."""
    exchanges = read(history)
    return exchanges[-1].session if exchanges else ""


def _exchange(kept: Any) -> Exchange:
    if isinstance(kept, list):  # an earlier release: who said what
        user, assistant = kept
        return Exchange(in_words(user["content"], assistant["content"]))
    return Exchange(list(kept["messages"]), kept["question"], kept["session"])


def _said(message: Json) -> list[Said]:
    role: Role = "user" if message["kind"] == "request" else "assistant"
    kind = "user-prompt" if role == "user" else "text"
    words = [_words(part["content"]) for part in message["parts"] if part["part_kind"] == kind]
    return [Said(role, "\n".join(words))] if words else []


def _words(content: Any) -> str:
    if isinstance(content, str):
        return content
    return "\n".join(each for each in content if isinstance(each, str))
