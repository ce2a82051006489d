"""A model of any provider, with tools, asked by an agent of pydantic-ai."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any, Final

import orjson
import structlog
from pydantic_ai import Agent, DeferredToolRequests, DeferredToolResults, ToolDenied
from pydantic_ai.messages import BinaryContent, ModelMessagesTypeAdapter, ModelResponse
from pydantic_ai.models.instrumented import InstrumentationSettings
from pydantic_ai.usage import UsageLimits

from shared.errors import ModelRefused, ModelUnavailable
from shared.model.ask import Ask
from shared.model.progress import Progress
from shared.model.usage import Usage
from shared.telemetry import spans
from workers.responders.agent import models
from workers.responders.agent.faults import translated
from workers.responders.agent.past import as_json, recalled, remembered
from workers.responders.agent.telling import Telling, shown
from workers.responders.agent.tools import tools
from workers.responders.exchange import written
from workers.responders.responder import Answer, Pause, Query, footer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Sequence

    from pydantic_ai.messages import ModelMessage, ToolCallPart, UserContent

    from shared.settings import Model as ModelSettings
    from workers.responders.agent.models import Models

_DENIED: Final = "The user did not allow it."
_LONGEST_SHOWN: Final = 1500

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)

_Output = str | DeferredToolRequests


class AgentResponder:
    """A `Responder`: one agent, whichever model it asks."""

    def __init__(
        self, agent: Agent[Query, _Output], models: Models, settings: ModelSettings
    ) -> None:
        self._agent = agent
        self._models = models
        self._instructions = settings.told
        self._limits = UsageLimits(
            request_limit=settings.requests, total_tokens_limit=settings.tokens
        )

    async def answer(self, query: Query, revise: Callable[[Progress], None]) -> Answer | Pause:
        """Stream the model's answer and return it whole; see `Responder.answer`."""
        run = _Run.of(query)
        telling = Telling(revise, run.progress)
        begun = time.monotonic()
        told = self._instructions if query.instructions is None else query.instructions
        with translated():
            result = await self._agent.run(
                run.prompt,
                message_history=[*recalled(query.history), *run.messages],
                deferred_tool_results=run.decided,
                model=self._models[query.model],
                instructions=told or None,
                deps=query,
                usage_limits=self._limits,
                event_stream_handler=telling.hear,
            )
        said = [*run.messages, *result.new_messages()]
        usage = _usage(result.new_messages())
        progress = Progress("", telling.thoughts, telling.steps)
        if isinstance(result.output, DeferredToolRequests):
            calls = result.output.approvals
            kept = _kept(said, progress, run.round + 1, calls)
            return Pause(progress, _asks(calls, run.round + 1), kept, usage)
        if not result.output.strip():
            raise ModelRefused("the model returned nothing")
        model = usage[-1].model if usage else query.model
        tokens = sum(each.tokens for each in usage)
        line = footer(model, time.monotonic() - begun, tokens)
        progress = Progress(result.output, telling.thoughts, telling.steps, line)
        return Answer(progress, written(query.question, remembered(said)), usage)


@asynccontextmanager
async def connected(settings: ModelSettings) -> AsyncIterator[AgentResponder]:
    """Open the models, and start or reach the MCP servers, that the settings name.

    Raises:
        ConfigurationError: a model, a module of tools or the file of servers is no good.
    """
    toolset = await asyncio.to_thread(tools, settings)  # the team's modules are imported
    async with models.connected(settings) as known:
        agent: Agent[Query, _Output] = Agent(
            output_type=[str, DeferredToolRequests],
            deps_type=Query,
            toolsets=[toolset] if toolset else [],
        )
        if spans.are_kept():
            agent.instrument = InstrumentationSettings(
                include_content=False,
                include_binary_content=False,
                include_model_request_parameters=False,
            )
        async with AsyncExitStack() as stack:
            try:
                await stack.enter_async_context(agent)
            except ModelUnavailable as fault:  # every answer will try to reach them
                log.warning("tools.away", reason=str(fault))
            yield AgentResponder(agent, known, settings)


class _Run:
    """What a run begins with: a prompt, or what an earlier turn has paused at."""

    def __init__(
        self,
        prompt: Sequence[UserContent] | None,
        messages: Sequence[ModelMessage] = (),
        decided: DeferredToolResults | None = None,
        progress: Progress | None = None,
        round_: int = 0,
    ) -> None:
        """`round_` counts the pauses before it."""
        self.round = round_
        self.prompt = prompt
        self.messages = messages
        self.decided = decided
        self.progress = progress or Progress()

    @classmethod
    def of(cls, query: Query) -> _Run:
        if not query.kept:
            seen = query.prompt.pictures
            pictures = [BinaryContent(each.content, media_type=each.kind) for each in seen]
            return cls([query.prompt.text, *pictures])
        kept = orjson.loads(query.kept)
        decisions: dict[str, Any] = {
            call: query.decisions[ask] or ToolDenied(_DENIED) for ask, call in kept["calls"].items()
        }
        return cls(
            None,
            ModelMessagesTypeAdapter.validate_python(kept["messages"]),
            DeferredToolResults(approvals=decisions),
            Progress("", kept["thoughts"], tuple(kept["steps"])),
            kept["round"],
        )


def _kept(
    said: Sequence[ModelMessage], progress: Progress, round_: int, calls: Sequence[ToolCallPart]
) -> bytes:
    return orjson.dumps(
        {
            "messages": as_json(said),
            "thoughts": progress.thoughts,
            "steps": progress.steps,
            "round": round_,
            "calls": {
                _name(round_, number): call.tool_call_id for number, call in enumerate(calls)
            },
        }
    )


def _asks(calls: Sequence[ToolCallPart], round_: int) -> tuple[Ask, ...]:
    return tuple(
        Ask(_name(round_, number), call.tool_name, shown(call, _LONGEST_SHOWN))
        for number, call in enumerate(calls)
    )


def _name(round_: int, number: int) -> str:
    """Return the id of an ask: a provider's own may hold any character, and come again."""
    return f"{round_}-{number}"


def _usage(said: Iterable[ModelMessage]) -> tuple[Usage, ...]:
    """Add up what each model took."""
    took: dict[str, Usage] = {}
    for each in said:
        if isinstance(each, ModelResponse):
            name = each.model_name or "unknown"
            before = took.get(name, Usage(name))
            used = each.usage
            took[name] = Usage(
                name,
                before.read + used.input_tokens,
                before.wrote + used.output_tokens,
                before.price + _price(each),
            )
    return tuple(took.values())


def _price(response: ModelResponse) -> int:
    """Return millionths of a dollar, 0 where no price is known."""
    try:
        return round(response.cost().total_price * 1_000_000)
    except (LookupError, ValueError):  # no such model, or it told of no usage
        return 0
