"""Any event: what its envelope says of it, and by attribute what it holds."""

from __future__ import annotations

from typing import Any

from pydantic import PrivateAttr

from workers.handlers.events.fields import Shape

_MICROSECONDS = 1e14
_MILLISECONDS = 1e11


class Event(Shape):
    """An event of any type. `event.raw` is the platform's JSON, all of it, as it came."""

    _envelope: dict[str, Any] = PrivateAttr(default_factory=dict)
    _event_id: str = PrivateAttr(default="")
    _event_type: str = PrivateAttr(default="")

    @property
    def raw(self) -> dict[str, Any]:
        return self._envelope

    @property
    def event_id(self) -> str:
        return self._event_id

    @property
    def event_type(self) -> str:
        return self._event_type

    @property
    def tenant_key(self) -> str | None:
        """Whose event it is; of the first generation it is inside the event."""
        found = self._header.get("tenant_key") or self._body.get("tenant_key")
        return found if isinstance(found, str) else None

    @property
    def create_time(self) -> float | None:
        """When it happened: a Unix time, in seconds."""
        header = self._header
        said = header.get("create_time") or header.get("event_create_time")
        return seconds_of(said or self._envelope.get("ts"))

    @property
    def _header(self) -> dict[str, Any]:
        header = self._envelope.get("header")
        return header if isinstance(header, dict) else {}

    @property
    def _body(self) -> dict[str, Any]:
        body = self._envelope.get("event")
        return body if isinstance(body, dict) else {}


def seconds_of(time: object) -> float | None:
    """Return a time of the platform's in seconds; None for what is none.

    It may be in seconds, in milliseconds (events) or in microseconds (callbacks): facts 2.3.
    """
    try:
        number = float(time)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return None
    if not 0 < number < float("inf"):
        return None
    if number > _MICROSECONDS:
        return number / 1e6
    return number / 1e3 if number > _MILLISECONDS else number
