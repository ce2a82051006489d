"""Feishu's codes, sorted by what to do about them (facts 1.2 and 3 to 5).

The table of the official SDK is not used: it files 230020, a rate limit, as "revoked".
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from shared.errors import (
    CredentialsRejected,
    FeishuRateLimited,
    FeishuRejected,
    FeishuUnavailable,
    LarkspurError,
)

RATE_LIMITED: Final = frozenset({99991400, 230020, 11232, 11233, 11247})
BUSY: Final = frozenset({1, 1000040343, 1500, 2200, 18121, 55001, 230049, 200810, 300120})
BAD_CREDENTIALS: Final = frozenset({10003, 10012, 10013, 10014, 10015, 1000040345, 1000040346})
BAD_TOKEN: Final = frozenset({99991661, 99991663, 99991664, 99991665, 99991671})

UNSHOWABLE: Final = frozenset({230001, 230025, 230054, 230099})
"""A send says that it takes no such card, and may yet take a text (im-v1/message/reply)."""

STREAMING_ENDED: Final = frozenset({200850, 300309})
"""Cardkit types no text into a card that does not stream; by itself streaming lasts 10 minutes."""

OUTPACED: Final = 300317
"""Cardkit has had a change of this card with the same sequence, or a higher one."""

CREDENTIALS_OR_BUSY: Final = 1000040345
"""Said of a wrong secret, and also, for a while, of a right one (facts 1.2)."""

UNKNOWN_APP: Final = 1000040346
FORBIDDEN: Final = 403
TOO_MANY_CONNECTIONS: Final = 1000040350


def fault_of(
    status: int, code: int, message: str, *, log_id: str | None = None, reset: float | None = None
) -> LarkspurError:
    """Return the fault that a refused call stands for; `reset` is in seconds."""
    said = f"{code}: {message}" + (f" (log id {log_id})" if log_id else "")
    if code in RATE_LIMITED or status == HTTPStatus.TOO_MANY_REQUESTS:
        return FeishuRateLimited(said, retry_after=reset)
    if code in BUSY or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return FeishuUnavailable(said)
    kind = CredentialsRejected if code in BAD_CREDENTIALS else FeishuRejected
    return kind(code, message, log_id=log_id)
