"""A language model behind an OpenAI-compatible endpoint, by pydantic-ai."""

from __future__ import annotations

from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Final

from openai import AsyncOpenAI, DefaultAioHttpClient
from pydantic import ValidationError
from pydantic_ai import Agent
from pydantic_ai.exceptions import (
    AgentRunError,
    ContentFilterError,
    ModelQuotaExceededError,
    ModelRequestRejectedError,
)
from pydantic_ai.messages import ModelMessagesTypeAdapter
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider

from shared.errors import ModelRefused, ModelUnavailable
from workers.responders.responder import Answer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Sequence

    from pydantic_ai.messages import ModelMessage

    from shared.settings import Model as ModelSettings

_OPENAI: Final = "https://api.openai.com/v1"
_REFUSALS: Final = (ContentFilterError, ModelQuotaExceededError, ModelRequestRejectedError)


class LLM:
    """Answers by one agent. Its history is pydantic-ai's messages, as JSON."""

    def __init__(self, agent: Agent) -> None:
        self._agent = agent

    async def answer(
        self, prompt: str, history: Sequence[bytes], revise: Callable[[str], None]
    ) -> Answer:
        """Stream the model's answer and return it whole; see `Responder.answer`."""
        past = [message for exchange in history for message in _messages(exchange)]
        with _translated():
            async with self._agent.run_stream(prompt, message_history=past) as run:
                async for text in run.stream_text(debounce_by=0.2):
                    revise(text)
                text = await run.get_output()
                exchange = ModelMessagesTypeAdapter.dump_json(run.new_messages())
        if not text.strip():
            raise ModelRefused("the model returned nothing")
        return Answer(text, exchange)


@asynccontextmanager
async def connected(settings: ModelSettings) -> AsyncIterator[LLM]:
    """Open the model's HTTP client, on aiohttp: it costs a fifth of the CPU per chunk."""
    async with AsyncOpenAI(
        base_url=settings.base_url,
        api_key=settings.api_key.get_secret_value(),
        http_client=DefaultAioHttpClient(),
        max_retries=0,  # a turn is deferred and retried as a whole, by any worker
    ) as client:
        provider = (
            OpenAIProvider(openai_client=client)
            if settings.base_url.rstrip("/") == _OPENAI
            else OpenAICompatibleProvider("openai-compatible", openai_client=client)
        )
        model = OpenAIChatModel(settings.name, provider=provider)
        yield LLM(Agent(model, instructions=settings.instructions))


def _messages(exchange: bytes) -> list[ModelMessage]:
    """An exchange that another release wrote and this one cannot read is left out."""
    try:
        return ModelMessagesTypeAdapter.validate_json(exchange)
    except ValidationError:
        return []


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except _REFUSALS as error:
        raise ModelRefused(_said(error)) from error
    except AgentRunError as error:
        after = getattr(error, "retry_after", None)
        raise ModelUnavailable(_said(error), retry_after=after) from error


def _said(error: AgentRunError) -> str:
    """Name the fault without the provider's body: that may quote the prompt."""
    status = getattr(error, "status_code", None)
    return type(error).__name__ + (f" (HTTP {status})" if status else "")
