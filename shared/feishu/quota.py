"""The month's calls: counted for the whole fleet, and saved when they run low.

Facts 3: calls that fail do not count, nor do those of the free kinds. The month is Feishu's.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import TYPE_CHECKING, Final, Protocol

import structlog

from shared.errors import StoreUnavailable

if TYPE_CHECKING:
    from shared.feishu.call import Call

_FREE: Final = ("/open-apis/auth/", "/open-apis/event/", "/open-apis/contact/")
_EVERY: Final = 1.0
_THERE: Final = timedelta(hours=8)
_SPARSE_BELOW: Final = 0.2
_PLAIN_BELOW: Final = 0.05

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


class Spending(IntEnum):
    """How an answer may be shown: as it grows, with few revisions, or in one message."""

    FREELY = 0
    SPARSELY = 1
    PLAINLY = 2


class Months(Protocol):
    """Where a fleet adds its calls up."""

    async def add(self, month: str, calls: int, /) -> int:
        """Add calls to a month such as `2026-11`; return how many it has.

        Raises:
            StoreUnavailable: it cannot be told whether they were added.
        """


class Quota:
    """What a process knows of the month's calls; it tells the fleet of its own every second."""

    def __init__(self, months: Months, calls_a_month: int | None) -> None:
        """`calls_a_month` is None if there is no limit to them; they are counted all the same."""
        self.calls_a_month = calls_a_month
        self.used = 0
        self._months = months
        self._untold = 0
        self._spending = Spending.FREELY

    @property
    def left(self) -> int | None:
        """How many calls are left, as far as this process knows."""
        if self.calls_a_month is None:
            return None
        return max(0, self.calls_a_month - self.used - self._untold)

    @property
    def spending(self) -> Spending:
        """How the calls that are left are to be spent."""
        left, all_of_them = self.left, self.calls_a_month
        if left is None or all_of_them is None or left > _SPARSE_BELOW * all_of_them:
            return Spending.FREELY
        return Spending.SPARSELY if left > _PLAIN_BELOW * all_of_them else Spending.PLAINLY

    def count(self, call: Call) -> None:
        """Count a call that succeeded."""
        if not call.api.startswith(_FREE):
            self._untold += 1

    async def run(self) -> None:
        """Tell the fleet and hear from it, for ever."""
        while True:
            try:
                await self.tell()
            except StoreUnavailable as error:  # they are told with the next ones
                log.warning("quota.untold", reason=str(error))
            await asyncio.sleep(_EVERY)

    async def tell(self) -> None:
        """Add what was counted since the last time.

        Raises:
            StoreUnavailable: it will be added with the next ones.
        """
        calls = self._untold
        self.used = await self._months.add(_month(), calls)
        self._untold -= calls
        if self.spending is not self._spending:
            self._spending = self.spending
            log.warning("quota.spending", spending=self._spending.name.lower(), left=self.left)


def _month() -> str:
    return (datetime.now(UTC) + _THERE).strftime("%Y-%m")
