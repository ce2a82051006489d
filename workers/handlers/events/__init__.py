"""Events by attribute: one file for each family of those that have a class of their own."""

from workers.handlers.events.application import MenuChosen
from workers.handlers.events.approval import (
    ApprovalCopied,
    ApprovalInstance,
    ApprovalTask,
    ApprovalUpdated,
)
from workers.handlers.events.card import CardAction
from workers.handlers.events.contact import (
    Department,
    DepartmentCreated,
    DepartmentDeleted,
    DepartmentUpdated,
    User,
    UserCreated,
    UserDeleted,
    UserUpdated,
)
from workers.handlers.events.event import Event
from workers.handlers.events.fields import Fields, Ids
from workers.handlers.events.im import (
    BotAdded,
    BotDeleted,
    ChatDisbanded,
    ChatEntered,
    ChatUpdated,
    MembersAdded,
    MembersDeleted,
    MessageRead,
    MessageRecalled,
    MessageReceived,
    ReactionCreated,
    ReactionDeleted,
)

__all__ = [
    "ApprovalCopied",
    "ApprovalInstance",
    "ApprovalTask",
    "ApprovalUpdated",
    "BotAdded",
    "BotDeleted",
    "CardAction",
    "ChatDisbanded",
    "ChatEntered",
    "ChatUpdated",
    "Department",
    "DepartmentCreated",
    "DepartmentDeleted",
    "DepartmentUpdated",
    "Event",
    "Fields",
    "Ids",
    "MembersAdded",
    "MembersDeleted",
    "MenuChosen",
    "MessageRead",
    "MessageRecalled",
    "MessageReceived",
    "ReactionCreated",
    "ReactionDeleted",
    "User",
    "UserCreated",
    "UserDeleted",
    "UserUpdated",
]
