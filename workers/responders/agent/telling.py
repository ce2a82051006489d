"""An agent's run as somebody watches it: words, thoughts, tools."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import orjson
from pydantic_ai.messages import (
    FunctionToolCallEvent,
    FunctionToolResultEvent,
    PartDeltaEvent,
    PartStartEvent,
    TextPart,
    TextPartDelta,
    ThinkingPart,
    ThinkingPartDelta,
    ToolReturnPart,
)

from shared.model.progress import Progress

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Callable

    from pydantic_ai import RunContext
    from pydantic_ai.messages import AgentStreamEvent, ToolCallPart

    from workers.responders.responder import Query

_LONGEST: Final = 80
"""Characters of a tool's arguments that a step shows."""


class Telling:
    """Hears a run's events, and tells all that can be shown whenever that has grown.

    What a model says before it uses tools is not yet its answer: it becomes a thought.
    """

    def __init__(self, revise: Callable[[Progress], None], before: Progress) -> None:
        """`before` is what an earlier turn has shown of the same answer."""
        self._revise = revise
        self._text = ""
        self._thoughts = before.thoughts
        self._steps = dict(enumerate(before.steps))
        self._places: dict[str, int] = {}

    @property
    def steps(self) -> tuple[str, ...]:
        return tuple(self._steps.values())

    @property
    def thoughts(self) -> str:
        return self._thoughts.strip()

    async def hear(self, _: RunContext[Query], events: AsyncIterable[AgentStreamEvent]) -> None:
        """Hear one request to the model, or the tools that follow it."""
        async for event in events:
            if self._takes(event):
                self._revise(Progress(self._text, self.thoughts, self.steps))

    def _takes(self, event: AgentStreamEvent) -> bool:
        """Take an event in; return whether there is more to show."""
        match event:
            case PartStartEvent(part=TextPart(content=words)):
                self._text += words
            case PartDeltaEvent(delta=TextPartDelta(content_delta=words)):
                self._text += words
            case PartStartEvent(part=ThinkingPart(content=words)):
                self._thoughts += f"\n{words}"
            case PartDeltaEvent(delta=ThinkingPartDelta(content_delta=str(words))):
                self._thoughts += words
            case FunctionToolCallEvent(part=call):
                self._begin(call)
            case FunctionToolResultEvent(part=result):
                self._end(result.tool_call_id, went_well=_is_good(result))
            case _:
                return False
        return True

    def _begin(self, call: ToolCallPart) -> None:
        if self._text:
            self._thoughts += f"\n{self._text}"
            self._text = ""
        place = self._places.setdefault(call.tool_call_id, len(self._steps))
        self._steps[place] = f"{call.tool_name} {shown(call)}".rstrip()

    def _end(self, call_id: str, *, went_well: bool) -> None:
        if (place := self._places.get(call_id)) is not None:
            self._steps[place] += " ✓" if went_well else " ✗"


def shown(call: ToolCallPart, longest: int = _LONGEST) -> str:
    """Return a tool's arguments in one line, cut where they are long; empty for none."""
    try:
        arguments = call.args_as_dict()
    except ValueError:  # the model wrote no JSON
        return ""
    line = orjson.dumps(arguments).decode() if arguments else ""
    return line if len(line) <= longest else f"{line[:longest]}…"


def _is_good(result: object) -> bool:
    return isinstance(result, ToolReturnPart) and result.outcome == "success"
