"""Reactions to a message: one of each emoji and person."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NewType

if TYPE_CHECKING:
    from simulator.world.messages import Message, Sender

ReactionId = NewType("ReactionId", str)

MOST: Final = 500
"""Reactions one message keeps; the oldest fall off."""


def fresh_reaction_id() -> ReactionId:
    """Return 48 URL-safe characters, as the platform's ids are."""
    return ReactionId(secrets.token_urlsafe(36))


@dataclass(frozen=True, slots=True)
class Reaction:
    """`at` is seconds since the epoch."""

    emoji: str
    by: Sender
    reaction_id: ReactionId = field(default_factory=fresh_reaction_id)
    at: float = field(default_factory=time.time)


def react(message: Message, emoji: str, by: Sender) -> tuple[Reaction, bool]:
    """Add a reaction, or find the one that is there already; tell whether it is new."""
    for reaction in message.reactions:
        if (reaction.emoji, reaction.by.address) == (emoji, by.address):
            return reaction, False
    added = Reaction(emoji, by)
    message.reactions.append(added)
    del message.reactions[:-MOST]
    return added, True


def find_reaction(message: Message, reaction_id: str) -> Reaction | None:
    return next((each for each in message.reactions if each.reaction_id == reaction_id), None)
