"""The faults of the gateway, asked about for one event at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from simulator.events.event import Event
    from simulator.faults.fault import Fault
    from simulator.faults.faults import Faults
    from simulator.world.people import App

F = TypeVar("F", bound="Fault")


class Mischief:
    """The faults that stand, aimed by an event's app, chat and type."""

    def __init__(self, faults: Faults, app: App) -> None:
        self.faults = faults
        self._app_id = app.app_id

    @property
    def possible(self) -> bool:
        """Whether asking is worth anything; the busy paths look here first."""
        return self.faults.any

    def take(self, kind: type[F], event: Event) -> F | None:
        return self.faults.take(
            kind, app_id=self._app_id, chat_id=event.chat_id, event_type=event.event_type
        )

    def take_any(self, kind: type[F]) -> F | None:
        """Take a fault for something that is about no event."""
        return self.faults.take(kind, app_id=self._app_id)
