"""Keeping the leases of a process alive, all in one step, and noticing those that are lost."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from shared.errors import LeaseLost, StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from shared.model.ids import Fence
    from shared.store.lease import Lease, Leases

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Held:
    lease: Lease
    turn: asyncio.Task[object]
    renewed: float
    lost: bool = False


class Renewal:
    """The leases this process holds."""

    def __init__(self, leases: Leases, *, seconds: float) -> None:
        """`seconds` is how long a lease lasts; it is renewed three times as often."""
        self._leases = leases
        self._seconds = seconds
        self._held: dict[Fence, _Held] = {}

    @asynccontextmanager
    async def of(self, lease: Lease) -> AsyncIterator[None]:
        """Keep a lease alive during the block, which is cancelled when the lease is lost.

        Raises:
            LeaseLost: the block was cancelled for it.
        """
        turn = asyncio.current_task()
        if turn is None:
            raise RuntimeError("a lease is held by a task")
        held = self._held[lease.fence] = _Held(lease, turn, time.monotonic())
        try:
            yield
        except asyncio.CancelledError:
            if held.lost and turn.uncancel() == 0:
                raise LeaseLost from None
            raise
        finally:
            del self._held[lease.fence]

    async def run(self) -> None:
        """Renew, for ever."""
        while True:
            await asyncio.sleep(self._seconds / 3)
            if self._held:
                await self._renew(list(self._held.values()))

    async def _renew(self, held: list[_Held]) -> None:
        asked = time.monotonic()
        try:
            lost = await self._leases.renew([one.lease for one in held])
        except StoreUnavailable as error:
            log.warning("leases.not_renewed", count=len(held), reason=str(error))
            lost = {one.lease.fence for one in held if self._ran_out(one)}
        else:
            for one in held:
                one.renewed = asked
        for one in held:
            if one.lease.fence in lost and one.lease.fence in self._held and not one.lost:
                one.lost = True
                one.turn.cancel()

    def _ran_out(self, one: _Held) -> bool:
        return time.monotonic() - one.renewed > self._seconds
