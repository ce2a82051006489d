"""What can go wrong with an agent's run, sorted by what to do about it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from pydantic_ai.exceptions import (
    AgentRunError,
    ContentFilterError,
    FallbackExceptionGroup,
    ModelQuotaExceededError,
    ModelRequestRejectedError,
    UsageLimitExceeded,
)

from shared.errors import ModelRefused, ModelUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

_REFUSALS: Final = (
    ContentFilterError,
    ModelQuotaExceededError,
    ModelRequestRejectedError,
    UsageLimitExceeded,
)


@contextmanager
def translated() -> Iterator[None]:
    """Raise what an agent raises as ModelUnavailable or ModelRefused.

    The provider's body is not repeated: it may quote the prompt.
    """
    try:
        yield
    except FallbackExceptionGroup as group:
        faults = [each for each in group.exceptions if isinstance(each, Exception)]
        said = "; ".join(map(_said, faults))
        if all(isinstance(each, _REFUSALS) for each in faults):
            raise ModelRefused(said) from group
        waits = [wait for each in faults if (wait := _retry_after(each)) is not None]
        raise ModelUnavailable(said, retry_after=min(waits, default=None)) from group
    except _REFUSALS as error:
        raise ModelRefused(_said(error)) from error
    except AgentRunError as error:
        raise ModelUnavailable(_said(error), retry_after=_retry_after(error)) from error


def _retry_after(error: Exception) -> float | None:
    after: float | None = getattr(error, "retry_after", None)
    return after


def _said(error: Exception) -> str:
    name = getattr(error, "model_name", "")
    status = getattr(error, "status_code", None)
    said = type(error).__name__ + (f" (HTTP {status})" if status else "")
    return f"{name}: {said}" if name else said
