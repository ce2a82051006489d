"""From mail to the event that a handler is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from shared.feishu.envelope import object_of, parsed
from workers.handlers.events import application, approval, card, contact, im
from workers.handlers.events.event import Event

if TYPE_CHECKING:
    from shared.model.mail import Mail

CLASSES: Final[dict[str, type[Event]]] = {
    "contact.user.created_v3": contact.UserCreated,
    "contact.user.updated_v3": contact.UserUpdated,
    "contact.user.deleted_v3": contact.UserDeleted,
    "contact.department.created_v3": contact.DepartmentCreated,
    "contact.department.updated_v3": contact.DepartmentUpdated,
    "contact.department.deleted_v3": contact.DepartmentDeleted,
    "approval_instance": approval.ApprovalInstance,
    "approval_task": approval.ApprovalTask,
    "approval_cc": approval.ApprovalCopied,
    "approval.approval.updated_v4": approval.ApprovalUpdated,
    "approval.instance.status_changed_v4": approval.ApprovalInstance,
    "approval.instance.remedy_group_update_v4": approval.ApprovalInstance,
    "approval.instance.trip_group_update_v4": approval.ApprovalInstance,
    "approval.task.status_changed_v4": approval.ApprovalTask,
    "im.message.receive_v1": im.MessageReceived,
    "im.message.reaction.created_v1": im.ReactionCreated,
    "im.message.reaction.deleted_v1": im.ReactionDeleted,
    "im.message.recalled_v1": im.MessageRecalled,
    "im.message.message_read_v1": im.MessageRead,
    "im.chat.member.bot.added_v1": im.BotAdded,
    "im.chat.member.bot.deleted_v1": im.BotDeleted,
    "im.chat.access_event.bot_p2p_chat_entered_v1": im.ChatEntered,
    "im.chat.updated_v1": im.ChatUpdated,
    "im.chat.disbanded_v1": im.ChatDisbanded,
    "im.chat.member.user.added_v1": im.MembersAdded,
    "im.chat.member.user.deleted_v1": im.MembersDeleted,
    "im.chat.member.user.withdrawn_v1": im.MembersDeleted,
    "card.action.trigger": card.CardAction,
    "application.bot.menu_v6": application.MenuChosen,
}
"""Every other type is an `Event`."""


def class_of(event_type: str) -> type[Event]:
    return CLASSES.get(event_type, Event)


def read_event(mail: Mail) -> Event:
    """Read an event.

    Raises:
        MalformedEvent: it is no JSON object.
    """
    envelope = object_of(parsed(mail.payload), "not_an_object")
    body = envelope.get("event")
    event = class_of(mail.event_type).model_validate(body if isinstance(body, dict) else {})
    event._envelope = envelope  # noqa: SLF001 - it is made here
    event._event_id = mail.event_id  # noqa: SLF001
    event._event_type = mail.event_type  # noqa: SLF001
    return event
