"""What is for the bot, and whose messages it answers: by the rules alone. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from shared.model.ids import OpenId
    from shared.model.message import MessageReceived
    from workers.policy.rules import PeopleTable, Rules

Reason = Literal[
    "blocked",
    "unlisted",
    "chat_blocked",
    "chat_unlisted",
    "rate",
    "user_budget",
    "chat_budget",
    "tenant_budget",
]
"""Why somebody is not answered, a word for the log and the metrics."""

_EVERYBODY: Final = "@_all"
_EVERYBODY_ALONE: Final = "@all"


@dataclass(frozen=True, slots=True)
class Admitted:
    """Somebody is answered."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Somebody is not; whether they are `told` so, or met with silence."""

    reason: Reason
    told: bool = False


def wants(message: MessageReceived, bot: OpenId, rules: Rules) -> bool:
    """Whether a person says something to the bot, by the manners of the group."""
    by_a_person = message.sent_by_user and message.sender != bot
    return by_a_person and _is_addressed(message, bot, rules) and bool(message.text_for(bot))


def refusal(
    message: MessageReceived, rules: Rules, departments: frozenset[str] | None
) -> Reason | None:
    """Return which list keeps a message out, None if none does; admins are kept out by none.

    `departments` are the sender's, None if they cannot be had: then nobody is taken for a member
    of one that is allowed, and everybody for a member of one that is blocked.
    """
    in_group = message.chat_type == "group"
    if message.sender in rules.admins:
        return None
    if in_group and message.chat_id in rules.chats.block:
        return "chat_blocked"
    if _is_blocked(message.sender, rules.people, departments):
        return "blocked"
    if in_group and rules.chats.allow and message.chat_id not in rules.chats.allow:
        return "chat_unlisted"
    return None if _is_listed(message.sender, rules.people, departments) else "unlisted"


def is_out(message: MessageReceived, rules: Rules) -> bool:
    """Whether a list keeps a message out wherever its sender works."""
    people = rules.people
    return refusal(message, rules, people.departments - people.block_departments) is not None


def asks_departments(rules: Rules) -> bool:
    """Whether anything depends on where people work."""
    return bool(rules.people.departments or rules.people.block_departments)


def _is_addressed(message: MessageReceived, bot: OpenId, rules: Rules) -> bool:
    """Whoever addresses everybody need not mean the bot, even where it answers always."""
    if message.addresses(bot):
        return True
    manners = rules.of(message.chat_id)
    if _EVERYBODY in message.text or any(each.key == _EVERYBODY for each in message.mentions):
        return manners.at_all and message.text_for(bot) != _EVERYBODY_ALONE
    return manners.answers == "always"


def _is_blocked(user: OpenId, people: PeopleTable, departments: frozenset[str] | None) -> bool:
    if user in people.block:
        return True
    if departments is None:
        return bool(people.block_departments)
    return not people.block_departments.isdisjoint(departments)


def _is_listed(user: OpenId, people: PeopleTable, departments: frozenset[str] | None) -> bool:
    if not people.allow and not people.departments:
        return True
    return user in people.allow or not people.departments.isdisjoint(departments or ())
