"""The month's API calls (platform-updates-/custom-app-api-call-limit, facts 3)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from simulator.openapi.errors import quota_spent

if TYPE_CHECKING:
    from collections.abc import Callable

FREE: Final = ("/open-apis/auth/", "/open-apis/event/", "/open-apis/contact/")
"""Calls that are not counted, and go through when the quota is spent."""


def this_month() -> str:
    return datetime.now(UTC).strftime("%Y-%m")


class Quota:
    """How many calls succeeded this month, and how many may; `most` 0 is no limit."""

    def __init__(self, most: int, month: Callable[[], str] = this_month) -> None:
        self.most = most
        self._month = month
        self._counted_in = month()
        self._used = 0

    @property
    def used(self) -> int:
        if self._month() != self._counted_in:
            self._counted_in, self._used = self._month(), 0
        return self._used

    def check(self, path: str) -> None:
        """Let a call through.

        Raises:
            ApiError: 99991403, this month's calls are spent.
        """
        if self.most and self.used >= self.most and not path.startswith(FREE):
            raise quota_spent()

    def count(self, path: str) -> None:
        """Count a call that succeeded."""
        if not path.startswith(FREE):
            self._used = self.used + 1
