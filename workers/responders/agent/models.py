"""From the names of models in the settings to models, and who stands in for whom."""

from __future__ import annotations

import asyncio
import inspect
import os
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final

from httpx2 import Timeout
from openai import AsyncOpenAI, DefaultAioHttpClient
from pydantic_ai.exceptions import UserError
from pydantic_ai.models import infer_model
from pydantic_ai.models.fallback import FallbackModel
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers import infer_provider_class
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider

from shared.errors import ConfigurationError
from workers.responders.agent.merging import merge_text
from workers.responders.agent.resting import Resting

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from httpx2 import AsyncClient
    from pydantic_ai.models import Model
    from pydantic_ai.providers import Provider

    from shared.settings import Model as ModelSettings

_OPENAI: Final = "https://api.openai.com/v1"
_TIMEOUT: Final = Timeout(120.0, connect=10.0)
"""Seconds without a byte after which a model counts as gone; the turn has a deadline of its own."""


class Models:
    """The models that may answer, by the names that the settings give them."""

    def __init__(self, names: Iterable[str], fallbacks: Iterable[str], built: _Built) -> None:
        """A model that fails is stood in for by the `fallbacks`, in their order."""
        spare = {name: built.model(name, "LLM_FALLBACKS") for name in fallbacks}
        self._models = {name: _chain(built.model(name, "LLM_MODEL"), name, spare) for name in names}

    def __getitem__(self, name: str) -> Model:
        """Return a model by its name, the first of the settings for one that is not known."""
        return self._models.get(name) or next(iter(self._models.values()))


@asynccontextmanager
async def connected(settings: ModelSettings) -> AsyncIterator[Models]:
    """Open one HTTP client for all of them, on aiohttp, streams merged: see decision 0006.

    Raises:
        ConfigurationError: a model's provider is not known, not installed, or lacks its key.
    """
    async with await asyncio.to_thread(_client) as client:
        built = _Built(settings, client)
        yield await asyncio.to_thread(Models, settings.models, settings.fallbacks, built)


def _client() -> AsyncClient:
    return DefaultAioHttpClient(timeout=_TIMEOUT, event_hooks={"response": [merge_text]})


class _Built:
    """Builds models that share a client and try nothing again by themselves."""

    def __init__(self, settings: ModelSettings, client: AsyncClient) -> None:
        self._settings = settings
        self._client = client
        self._known: dict[str, Model] = {}

    def model(self, name: str, setting: str) -> Model:
        """Return the model `provider:name`; without a provider that is known, at our base URL."""
        if name not in self._known:
            provider, _, rest = name.partition(":")
            try:
                model = self._elsewhere(provider, name) if _is_provider(provider) else None
                self._known[name] = Resting(model or self._compatible(name, rest))
            except (UserError, ImportError) as error:
                raise ConfigurationError(f"{setting}: {name}: {error}") from error
        return self._known[name]

    def _compatible(self, name: str, rest: str) -> Model:
        settings = self._settings
        client = AsyncOpenAI(
            base_url=settings.base_url,
            api_key=settings.key,
            http_client=self._client,
            max_retries=0,  # another model is asked, or the turn is deferred
        )
        provider: Provider[AsyncOpenAI] = (
            OpenAIProvider(openai_client=client)
            if settings.base_url.rstrip("/") == _OPENAI
            else OpenAICompatibleProvider("openai-compatible", openai_client=client)
        )
        return OpenAIChatModel(rest if name.startswith("openai:") else name, provider=provider)

    def _elsewhere(self, name: str, model: str) -> Model:
        made = infer_provider_class(name)
        takes_client = "http_client" in inspect.signature(made.__init__).parameters
        more: dict[str, Any] = {"http_client": self._client} if takes_client else {}
        if name == "ollama" and not os.environ.get("OLLAMA_BASE_URL"):
            more["base_url"] = "http://localhost:11434/v1"
        provider = made(**more)
        if hasattr(provider.client, "max_retries"):
            provider.client.max_retries = 0
        return infer_model(model, provider_factory=lambda _: provider)


def _is_provider(name: str) -> bool:
    """Whether it is one that pydantic-ai knows; what it calls `openai` is ours to reach."""
    if name == "openai":
        return False
    try:
        infer_provider_class(name)
    except ValueError:
        return False
    except ImportError:  # it knows it, and says what to install when it is asked for
        return True
    return True


def _chain(model: Model, name: str, spare: dict[str, Model]) -> Model:
    others = [each for other, each in spare.items() if other != name]
    return FallbackModel(model, *others) if others else model
