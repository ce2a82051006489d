"""Events about which only the team can do something: by itself the bot tells that they came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import structlog

from shared.feishu.envelope import optional_id
from shared.model.outcome import Ignored
from workers.handlers.events import Ids
from workers.handlers.events.reading import read_event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shared.model.outcome import Outcome
    from workers.handlers.events import Event
    from workers.turn import Turn

NOTICED: Final = (
    "contact.user.created_v3",
    "contact.user.updated_v3",
    "contact.user.deleted_v3",
    "contact.department.created_v3",
    "contact.department.updated_v3",
    "contact.department.deleted_v3",
    "approval_instance",
    "approval_task",
    "approval_cc",
    "approval.approval.updated_v4",
    "approval.instance.status_changed_v4",
    "approval.instance.remedy_group_update_v4",
    "approval.instance.trip_group_update_v4",
    "approval.task.status_changed_v4",
    "im.message.reaction.created_v1",
    "im.message.reaction.deleted_v1",
    "im.chat.member.bot.deleted_v1",
    "im.chat.disbanded_v1",
)
_FIELDS: Final = (
    "chat_id",
    "message_id",
    "emoji",
    "approval_code",
    "instance_code",
    "task_id",
    "status",
    "event_key",
)
_SOMEBODY: Final = ("user", "operator", "approver")

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


class Noticing:
    """Tells the log of an event, by ids and kinds alone."""

    async def handle(self, turn: Turn) -> Outcome:
        """Tell of it.

        Raises:
            MalformedEvent: it is none.
        """
        event = read_event(turn.mails[0])
        log.info("event.noticed", event_type=event.event_type, **dict(_ids(event)))
        return Ignored("noticed")

    async def apologise(self, turn: Turn) -> None:
        """Nobody waits for anything."""


def _ids(event: Event) -> Iterator[tuple[str, str]]:
    """Yield what tells the event from others; what is no id or word could be private."""
    for name in _FIELDS:
        if found := optional_id(getattr(event, name, None), name):
            yield name, found
    for name in _SOMEBODY:
        somebody = getattr(event, name, None)
        if isinstance(somebody, Ids) and (found := optional_id(somebody.open_id, name)):
            yield name, found
    department = getattr(event, "department", None)
    if found := optional_id(getattr(department, "open_department_id", None), "department"):
        yield "department", found
