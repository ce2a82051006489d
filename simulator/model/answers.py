"""What the model says: a pure function of what it is asked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import cycle, islice
from typing import TYPE_CHECKING, Any

import orjson

from simulator.model.wishes import Wishes, read_wishes

if TYPE_CHECKING:
    from simulator.model.conversation import Asked, Tool, Turn

TOKEN = re.compile(r"\s*\S+|\s+\Z")
SAMPLES = {"string": "", "integer": 0, "number": 0, "boolean": False, "array": [], "object": {}}


@dataclass(frozen=True, slots=True)
class Call:
    """`arguments` is JSON."""

    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Answer:
    """`thoughts` come first, then `words`, then `calls`; each may be empty."""

    words: tuple[str, ...]
    thoughts: tuple[str, ...] = ()
    calls: tuple[Call, ...] = ()
    is_cut: bool = False
    """The request's own limit of tokens was reached."""

    @property
    def tokens(self) -> int:
        """Count thoughts and words; a call's arguments count as one token each."""
        return len(self.thoughts) + len(self.words) + len(self.calls)


def wishes_of(asked: Asked) -> Wishes:
    """Read what the last user message wishes; once its tools have answered it is granted."""
    if asked.turns[-1].results:
        return Wishes("")
    said = [turn.text for turn in asked.turns if turn.is_said]
    return read_wishes(said[-1]) if said else Wishes("")


def answer(asked: Asked, length: int | None = None) -> Answer:
    """Call the tools that are wished or forced, else speak; `length` unless one is wished."""
    wishes = wishes_of(asked)
    thoughts = tuple(tokens(wishes.thoughts))
    calls = _calls(asked, wishes)
    if calls:
        return Answer((), thoughts, calls)
    words = tokens(_spoken(asked, wishes))
    wanted = wishes.length or length
    if wanted:
        words = list(islice(cycle(words), wanted))
    most = asked.most_tokens
    if most is not None and most < len(words):
        return Answer(tuple(words[:most]), thoughts, is_cut=True)
    return Answer(tuple(words), thoughts)


def tokens(text: str) -> list[str]:
    """Cut a text into words, each with the space before it; joined they are the text."""
    return TOKEN.findall(text)


def _calls(asked: Asked, wishes: Wishes) -> tuple[Call, ...]:
    wished = tuple(
        Call(name, orjson.dumps(arguments).decode())
        for name, arguments in wishes.calls
        if asked.tool(name)
    )
    forced = asked.tool(asked.forced) if asked.forced else None
    if wished or forced is None:
        return wished
    return (Call(forced.name, orjson.dumps(_sample(forced, _spoken(asked, wishes))).decode()),)


def _spoken(asked: Asked, wishes: Wishes) -> str:
    """Repeat the last user message, and tell how many there were to show the history came.

    "hello" is answered "You said: hello"; as the third message of a user it is answered
    "You said: hello (message 3 of this conversation)".
    """
    last = asked.turns[-1]
    if last.results:
        return "\n".join(f"{result.name} returned: {result.text}" for result in last.results)
    missing = [name for name, _ in wishes.calls if asked.tool(name) is None]
    if missing:
        return f"There is no tool {missing[0]}."
    said = [turn for turn in asked.turns if turn.is_said]
    if not said:
        return "You said nothing."
    spoken = f"You said: {wishes.said}{_seen(said[-1])}"
    return spoken if len(said) == 1 else f"{spoken} (message {len(said)} of this conversation)"


def _seen(turn: Turn) -> str:
    return "".join(f" [image: {image}]" for image in turn.images)


def _sample(tool: Tool, said: str) -> dict[str, Any]:
    """Return arguments a forced tool may take: its required ones, its strings what is said."""
    properties = tool.parameters.get("properties")
    required = tool.parameters.get("required")
    if not isinstance(properties, dict) or not isinstance(required, list):
        return {}
    kinds = {name: properties.get(name) for name in required if isinstance(name, str)}
    return {name: _value(kind, said) for name, kind in kinds.items()}


def _value(schema: Any, said: str) -> Any:
    kind = schema.get("type") if isinstance(schema, dict) else None
    if kind == "string":
        return said
    return SAMPLES.get(kind) if isinstance(kind, str) else None
