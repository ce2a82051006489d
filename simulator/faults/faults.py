"""The faults that are ordered and not yet spent; every door asks here before it behaves."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Final, NewType, TypeVar, overload

from simulator.faults.fault import FaultError
from simulator.faults.order import Aim, FaultOrder

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.faults.fault import Fault
    from simulator.gateway.clock import Clock

FaultId = NewType("FaultId", str)
F = TypeVar("F", bound="Fault")

MOST: Final = 1_000


@dataclass(slots=True)
class Standing:
    """An order that stands: `left` shots, until `until` on the registry's clock."""

    fault_id: FaultId
    order: FaultOrder
    left: int | None
    until: float | None
    taken: int = 0


class Faults:
    """At most `MOST` orders, the oldest is taken first; each expires by itself.

    Asking costs one look into a dictionary as long as no fault of that kind stands.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._numbers = count(1)
        self._standing: dict[str, list[Standing]] = {}
        self._listeners: list[Callable[[Standing], None]] = []

    @property
    def any(self) -> bool:
        """Tell whether anything stands, or has been left to expire."""
        return bool(self._standing)

    def listen(self, listener: Callable[[Standing], None]) -> None:
        """Have `listener` called with every new order, once it stands."""
        self._listeners.append(listener)

    def add(
        self,
        fault: Fault,
        where: Aim | None = None,
        *,
        count: int | None = 1,
        lasts: float | None = None,
    ) -> FaultId:
        """Order a fault `count` times (None: always) for `lasts` seconds (None: for ever)."""
        return self.stand(FaultOrder(fault, where or Aim(), count, lasts))

    def stand(self, order: FaultOrder) -> FaultId:
        """Take an order.

        Raises:
            FaultError: too many stand already.
        """
        if len(self.standing()) >= MOST:
            raise FaultError(f"{MOST} faults are enough")
        until = None if order.lasts is None else self._clock.time() + order.lasts
        new = Standing(FaultId(f"fault_{next(self._numbers)}"), order, order.count, until)
        self._standing.setdefault(order.fault.kind, []).append(new)
        for listener in self._listeners:
            listener(new)
        return new.fault_id

    @overload
    def take(
        self,
        kind: type[F],
        *,
        app_id: str | None = None,
        chat_id: str | None = None,
        api: str | None = None,
        event_type: str | None = None,
    ) -> F | None: ...

    @overload
    def take(
        self,
        kind: str,
        *,
        app_id: str | None = None,
        chat_id: str | None = None,
        api: str | None = None,
        event_type: str | None = None,
    ) -> Fault | None: ...

    def take(
        self,
        kind: type[Fault] | str,
        *,
        app_id: str | None = None,
        chat_id: str | None = None,
        api: str | None = None,
        event_type: str | None = None,
    ) -> Fault | None:
        """Use one shot of a fault up, if one stands for what is about to happen."""
        name = kind if isinstance(kind, str) else kind.kind
        if name not in self._standing:
            return None
        happening = Aim(app_id, chat_id, api, event_type)
        for each in self._alive(name):
            if each.order.where.covers(happening):
                return self.spend(each)
        return None

    def spend(self, standing: Standing) -> Fault:
        """Use up one shot of this very order."""
        standing.taken += 1
        if standing.left is not None:
            standing.left -= 1
        self._alive(standing.order.fault.kind)
        return standing.order.fault

    def standing(self) -> list[Standing]:
        """Return what stands, oldest first within its kind."""
        return [each for kind in tuple(self._standing) for each in self._alive(kind)]

    def seconds_left(self, standing: Standing) -> float | None:
        return None if standing.until is None else standing.until - self._clock.time()

    def remove(self, fault_id: str) -> bool:
        """Withdraw one order and tell whether it stood."""
        found = next((each for each in self.standing() if each.fault_id == fault_id), None)
        if found is None:
            return False
        found.left = 0
        self._alive(found.order.fault.kind)
        return True

    def clear(self) -> int:
        """Withdraw all, and return how many stood."""
        cleared = len(self.standing())
        self._standing.clear()
        return cleared

    def _alive(self, kind: str) -> list[Standing]:
        now = self._clock.time()
        alive = [
            each
            for each in self._standing.get(kind, ())
            if each.left != 0 and (each.until is None or each.until > now)
        ]
        if alive:
            self._standing[kind] = alive
        else:
            self._standing.pop(kind, None)
        return alive
