"""A model that is left in peace for as long as its provider has asked for."""

from __future__ import annotations

import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from pydantic_ai.exceptions import ModelAPIError, ModelRateLimitError
from pydantic_ai.models.wrapper import WrapperModel

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from pydantic_ai.messages import ModelResponse
    from pydantic_ai.models import Model, StreamedResponse


class Resting(WrapperModel):
    """Says at once that it rests, so that another one is asked, or the turn comes later."""

    def __init__(self, wrapped: Model) -> None:
        super().__init__(wrapped)
        self._until = 0.0

    async def request(self, *args: Any, **more: Any) -> ModelResponse:
        self._require_rested()
        try:
            return await super().request(*args, **more)
        except ModelAPIError as error:
            self._note(error)
            raise

    @asynccontextmanager
    async def request_stream(self, *args: Any, **more: Any) -> AsyncIterator[StreamedResponse]:
        self._require_rested()
        try:
            async with super().request_stream(*args, **more) as streamed:
                yield streamed
        except ModelAPIError as error:
            self._note(error)
            raise

    def _require_rested(self) -> None:
        left = self._until - time.monotonic()
        if left > 0:
            raise ModelRateLimitError(self.model_name, "rests", retry_after=left)

    def _note(self, error: ModelAPIError) -> None:
        if error.retry_after is not None:
            self._until = max(self._until, time.monotonic() + error.retry_after)
