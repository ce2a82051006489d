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
    MessageGone,
    PermissionMissing,
    QuotaSpent,
)

RATE_LIMITED: Final = frozenset({99991400, 230020, 11232, 11233, 11247})
BUSY: Final = frozenset({1, 1000040343, 1500, 2200, 18121, 55001, 230049, 200810, 300120})
BAD_CREDENTIALS: Final = frozenset({10003, 10012, 10013, 10014, 10015, 1000040345, 1000040346})
BAD_TOKEN: Final = frozenset({99991661, 99991663, 99991664, 99991665, 99991671})

RECALLED: Final = 230011
GONE: Final = frozenset({RECALLED, 230019, 230050, 230110, 230111, 231003})
"""The message that is to be answered, changed or reacted to is no more, or nobody sees it."""

UNGRANTED: Final = frozenset({230027, 99991672, 99991679})
SPENT: Final = 99991403

CHAT_TOO_FAST: Final = 230020
"""A chat, a user or a message has had its calls; who asks for others need not wait."""

UNSHOWABLE: Final = frozenset({230001, 230025, 230054, 230099})
"""A send says that it takes no such card, and may yet take a text (im-v1/message/reply)."""

THREADLESS: Final = frozenset({230071, 230072})
"""A reply says that no thread can be had there; in an edit these codes mean something else."""

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
    status: int,
    code: int,
    message: str,
    *,
    log_id: str | None = None,
    reset: float | None = None,
    limit: float | None = None,
) -> LarkspurError:
    """Return the fault that a refused call stands for.

    `reset` is in seconds, `limit` the number of calls that Feishu says may be made.
    """
    if code in _KINDS:
        return _KINDS[code](code, message, log_id=log_id)
    said = f"{code}: {message}" + (f" (log id {log_id})" if log_id else "")
    if code in RATE_LIMITED or status == HTTPStatus.TOO_MANY_REQUESTS:
        allowed = None if limit is None else int(limit)
        return FeishuRateLimited(said, retry_after=reset, code=code, limit=allowed)
    if code in BUSY or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return FeishuUnavailable(said)
    return FeishuRejected(code, message, log_id=log_id)


_KINDS: Final[dict[int, type[FeishuRejected]]] = {
    **dict.fromkeys(BAD_CREDENTIALS, CredentialsRejected),
    **dict.fromkeys(UNGRANTED, PermissionMissing),
    **dict.fromkeys(GONE, MessageGone),
    SPENT: QuotaSpent,
}
