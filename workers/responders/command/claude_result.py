"""The line that ends a run of Claude Code: what went wrong, and what was used. Pure."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from shared.errors import ModelRefused, ModelUnavailable
from shared.model.usage import Usage

if TYPE_CHECKING:
    from shared.errors import LarkspurError

Json = dict[str, Any]

_GONE: Final = ("No conversation found with session ID", "--resume requires a valid session")
_LATER: Final = frozenset(
    {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS}
)
_PASSING: Final = frozenset({"rate_limit", "server_error", "overloaded"})
_PASSING_WORDS: Final = ("rate limit", "overloaded", "unable to connect", "connection", "timed out")
_IN_MILLIONTHS: Final = 1_000_000


class SessionGone(ModelRefused):
    """The session that was to be resumed is not known here."""


def is_gone(said: str) -> bool:
    """Whether the program says that there is no such session."""
    return any(words in said for words in _GONE)


def fault_of(result: Json, error: str) -> LarkspurError | None:
    """Sort what went wrong, if anything did. Its words are not repeated: they may quote a prompt.

    `error` is the kind of it that came with the last message.
    """
    if not result.get("is_error") and result.get("subtype", "success") == "success":
        return None
    said = " ".join(map(str, [result.get("result") or "", *(result.get("errors") or ())]))
    if is_gone(said):
        return SessionGone()
    status = result.get("api_error_status")
    told = f"the program's model answered HTTP {status}" if status else "the program failed"
    told += f": {error or result.get('subtype')}"
    return ModelUnavailable(told) if _passes(status, error, said.lower()) else ModelRefused(told)


def usage_of(result: Json, model: str) -> tuple[Usage, ...]:
    """Return what every model took, or all together if they are not told apart."""
    by_model = result.get("modelUsage")
    if isinstance(by_model, dict) and by_model:
        return tuple(
            Usage(
                name,
                _sum(used, "inputTokens", "cacheReadInputTokens", "cacheCreationInputTokens"),
                _sum(used, "outputTokens"),
                _price(used.get("costUSD")),
            )
            for name, used in by_model.items()
            if isinstance(used, dict)
        )
    used = result.get("usage")
    if not isinstance(used, dict):
        return ()
    read = _sum(used, "input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")
    wrote = _sum(used, "output_tokens")
    return (Usage(model, read, wrote, _price(result.get("total_cost_usd"))),)


def _passes(status: object, error: str, said: str) -> bool:
    if isinstance(status, int):
        return status in _LATER or status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return error in _PASSING or any(words in said for words in _PASSING_WORDS)


def _sum(used: Json, *names: str) -> int:
    counts = (used.get(name) for name in names)
    return sum(count for count in counts if isinstance(count, int))


def _price(dollars: object) -> int:
    return round(dollars * _IN_MILLIONTHS) if isinstance(dollars, int | float) else 0
