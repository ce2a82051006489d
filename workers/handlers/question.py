"""What a turn's messages ask, taken together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from shared.errors import MalformedEvent
from shared.feishu.messages import read_message
from shared.model.outcome import Abandoned, Ignored

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared.model.ids import OpenId
    from shared.model.mail import Mail
    from shared.model.message import MessageReceived

STOP: Final = "/stop"


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be answered: `prompt`, in reply to the first message that asks.

    It is made of the first `done` messages of the turn.
    """

    to: MessageReceived
    prompt: str
    done: int


@dataclass(frozen=True, slots=True)
class Stop:
    """Somebody called everything off that was asked up to this message, the `done`th."""

    to: MessageReceived
    done: int


def asked(
    mails: Sequence[Mail], bot: OpenId, *, together: bool
) -> Question | Stop | Ignored | Abandoned:
    """Read a turn's messages.

    The last `/stop` among them calls off what is before it. Else they are one question, or, if
    not `together`, the first one is; a message that cannot be read is a turn by itself.
    """
    messages: list[MessageReceived] = []
    for mail in mails:
        try:
            messages.append(read_message(mail.payload))
        except MalformedEvent as error:
            if not messages:
                return Abandoned(str(error), done=1)
            break
    for place in range(len(messages), 0, -1):
        if is_stop(messages[place - 1], bot):
            return Stop(messages[place - 1], place)
    if not together:
        del messages[1:]
    asking = [message for message in messages if is_asking(message, bot)]
    if not asking:
        return Ignored("not_addressed", done=len(messages))
    prompt = "\n".join(message.text_for(bot) for message in asking)
    return Question(asking[0], prompt, len(messages))


def is_asking(message: MessageReceived, bot: OpenId) -> bool:
    """Whether a person says something to the bot."""
    by_a_person = message.sent_by_user and message.sender != bot
    return by_a_person and message.addresses(bot) and bool(message.text_for(bot))


def is_stop(message: MessageReceived, bot: OpenId) -> bool:
    return is_asking(message, bot) and message.text_for(bot) == STOP
