"""Trying a call again in place, for faults that pass within seconds."""

from __future__ import annotations

import asyncio
import random
import time
from typing import TYPE_CHECKING, Final, TypeVar

from shared.errors import FeishuRateLimited, FeishuUnavailable, NoSuchApi

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

T = TypeVar("T")

_PAUSES: Final = (0.25, 0.75, 2.5)
_PATIENCE: Final = 6.0


async def retried(call: Callable[[], Awaitable[T]]) -> T:
    """Call up to four times within some seconds; what is called must bear being repeated.

    A card that a user is pressing a button of is busy for up to 3 s, a message whose `uuid` is
    under way as long as that send takes (facts 2.4 and 3).

    Raises:
        FeishuUnavailable, FeishuRateLimited: still, or for longer than it is worth waiting here.
        NoSuchApi, FeishuRejected, CredentialsRejected: at once.
    """
    given_up_at = time.monotonic() + _PATIENCE
    for pause in _PAUSES:
        try:
            return await call()
        except NoSuchApi:
            raise
        except (FeishuUnavailable, FeishuRateLimited) as fault:
            wait = max(fault.retry_after or 0.0, random.uniform(pause / 2, pause))  # noqa: S311 - jitter, not a secret
            if time.monotonic() + wait > given_up_at:
                raise
        await asyncio.sleep(wait)
    return await call()
