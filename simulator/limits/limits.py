"""Every rate limit of the platform, asked before a call is let through (facts 3, 4).

A call that is refused takes no place in any window.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from simulator.limits.windows import Rate, Windows
from simulator.openapi.errors import chat_too_fast, too_fast

if TYPE_CHECKING:
    from simulator.gateway.clock import Clock
    from simulator.ids import ChatId, MessageId, OpenId

PER_SECOND: Final = Rate(50, 1.0)
PER_MINUTE: Final = Rate(1000, 60.0)
PER_CHAT: Final = Rate(5, 1.0)
PER_USER: Final = Rate(5, 1.0)
PER_MESSAGE: Final = Rate(5, 1.0)
PER_CARD: Final = Rate(10, 1.0)


class Limits:
    """All windows of the one tenant; `enforced=False` lets everything pass uncounted."""

    def __init__(self, clock: Clock, *, enforced: bool = True) -> None:
        self.enforced = enforced
        self.windows = {
            "api_second": Windows(PER_SECOND, clock),
            "api_minute": Windows(PER_MINUTE, clock),
            "group": Windows(PER_CHAT, clock),
            "user": Windows(PER_USER, clock),
            "message": Windows(PER_MESSAGE, clock),
            "card": Windows(PER_CARD, clock),
        }

    def call(self, app_id: str, api: str) -> None:
        """Let an app call an API, or raise 99991400 (HTTP 429) with the seconds to wait.

        Raises:
            ApiError: either window is full.
        """
        if not self.enforced:
            return
        key = f"{app_id} {api}"
        windows = self.windows["api_second"], self.windows["api_minute"]
        full = max(windows, key=lambda each: each.wait(key))
        if wait := full.wait(key):
            raise too_fast(full.rate.most, math.ceil(wait))
        for each in windows:
            each.take(key)

    def group(self, chat_id: ChatId) -> None:
        """Let a message into a group, whose bots share one window; else 230020.

        Raises:
            ApiError: the group has had its five this second.
        """
        self._let("group", chat_id, "chat rate limit")

    def user(self, open_id: OpenId) -> None:
        """Let a message to a user, else 230020.

        Raises:
            ApiError: the user has had their five this second.
        """
        self._let("user", open_id, "user rate limit")

    def message(self, message_id: MessageId) -> None:
        """Let a card message be patched, else 230020.

        Raises:
            ApiError: the message was patched five times this second.
        """
        self._let("message", message_id, "message rate limit")

    def card(self, card_id: str) -> None:
        """Let a card entity or one of its elements be changed, else 99991400 (HTTP 429).

        Raises:
            ApiError: the card was changed ten times this second.
        """
        if not self.enforced:
            return
        windows = self.windows["card"]
        if wait := windows.wait(card_id):
            raise too_fast(windows.rate.most, math.ceil(wait))
        windows.take(card_id)

    def _let(self, name: str, key: str, ext: str) -> None:
        if not self.enforced:
            return
        windows = self.windows[name]
        if windows.wait(key):
            raise chat_too_fast(ext)
        windows.take(key)
