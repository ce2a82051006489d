"""Instant answers: what the user of a callback sees while the work waits for a worker.

A callback (a pressed button, a link to preview) is stored like every event, but somebody looks at
the screen until it is answered, for 3 s at most, and it never comes again (facts 2.4). A module
named by LARKSPUR_INGRESS__INSTANT may say what is shown at once:

    from ingress.instant import instant, toast

    @instant("card.action.trigger")
    def pressed(event):
        return toast("Approving…") if event["action"]["value"].get("act") == "approve" else None

Such a function is pure: it sees the event and returns the answer, a dict as the platform takes it
(https://open.feishu.cn/document/feishu-cards/card-callback-communication), or None.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, Final, Literal

from shared.errors import ConfigurationError
from shared.feishu.events import CALLBACKS
from shared.modules import members

if TYPE_CHECKING:
    from collections.abc import Callable

    Instant = Callable[[dict[str, Any]], dict[str, Any] | None]

_MARK: Final = "answers_at_once"


def instant(event_type: str) -> Callable[[Instant], Instant]:
    """Declare a function that answers callbacks of a type at once.

    Raises:
        ValueError: events of that type are not callbacks, or the function is async.
    """
    if event_type not in CALLBACKS:
        raise ValueError(f"{event_type} is no callback; those are {', '.join(sorted(CALLBACKS))}")

    def declare(function: Instant) -> Instant:
        if inspect.iscoroutinefunction(function):
            raise ValueError(f"{function.__name__} is async; it is to be a plain function")
        setattr(function, _MARK, event_type)
        return function

    return declare


def toast(
    content: str, kind: Literal["info", "success", "error", "warning"] = "info"
) -> dict[str, Any]:
    """Return an answer that shows some words for a moment."""
    return {"toast": {"type": kind, "content": content}}


def load(module: str | None) -> dict[str, Instant]:
    """Return the functions that a module declares, by event type; none for None.

    Raises:
        ConfigurationError: it cannot be imported, or declares nothing, or two for one type.
    """
    if module is None:
        return {}
    found: dict[str, Instant] = {}
    for each in members("LARKSPUR_INGRESS__INSTANT", module):
        event_type = getattr(each, _MARK, None)
        if not isinstance(event_type, str):
            continue
        if found.setdefault(event_type, each) is not each:
            raise _wrong(module, f"declares two instant answers to {event_type}")
    if not found:
        raise _wrong(module, "declares no instant answer")
    return found


def _wrong(module: str, reason: str) -> ConfigurationError:
    return ConfigurationError(f"LARKSPUR_INGRESS__INSTANT: {module}: {reason}")
