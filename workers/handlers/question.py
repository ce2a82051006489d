"""What a turn's messages ask, taken together."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from shared.errors import MalformedEvent
from shared.feishu.messages import read_message
from shared.model.outcome import Abandoned, Ignored
from shared.model.target import Target

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from shared.model.ids import ConversationId, MessageId, OpenId
    from shared.model.language import Language
    from shared.model.mail import Mail
    from shared.model.message import MessageReceived
    from workers.handlers.errand import Errand
    from workers.handlers.hearing import Hearing

AGAIN: Final = "again-"
"""What the id of an event begins with that asks to answer a message another time."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be answered: the messages that are `asking`, in reply to the first of them.

    They are among the first `done` messages of the turn; `again` names the request to answer them
    another time.
    """

    asking: Sequence[MessageReceived]
    done: int
    again: str = ""

    @property
    def to(self) -> MessageReceived:
        return self.asking[0]


@dataclass(frozen=True, slots=True)
class Stop:
    """Somebody called everything off that was asked up to this message, the `done`th."""

    to: MessageReceived
    done: int


@dataclass(frozen=True, slots=True)
class Sent:
    """A message, the `done`th, sends the bot on an errand."""

    to: MessageReceived
    errand: Errand
    done: int


Asked = Question | Stop | Sent | Ignored | Abandoned


def asked(
    mails: Sequence[Mail],
    bot: OpenId,
    hearing: Hearing,
    *,
    together: bool,
    recalled: Container[MessageId] = (),
) -> Asked:
    """Read a turn's messages.

    The last `/stop` among them calls off what is before it. Else they are one question, as far as
    the first that is an errand; or, if not `together`, the first one is. A message that cannot be
    read is a turn by itself, and so is an errand. What was `recalled` asks nothing any more.
    """
    messages = _readable(mails)
    if isinstance(messages, Abandoned):
        return messages
    for place in range(len(messages), 0, -1):
        if hearing.stops(messages[place - 1], bot):
            return Stop(messages[place - 1], place)
    if not together:
        del messages[1:]
    for place, message in enumerate(messages):
        stands = message.message_id not in recalled
        if errand := hearing.errand(message, bot) if stands else None:
            before = _question(messages[:place], mails, bot, hearing, recalled)
            return before if isinstance(before, Question) else Sent(message, errand, place + 1)
    return _question(messages, mails, bot, hearing, recalled)


def _readable(mails: Sequence[Mail]) -> list[MessageReceived] | Abandoned:
    """Return the messages before the first that cannot be read; or give that one up."""
    messages: list[MessageReceived] = []
    for mail in mails:
        try:
            messages.append(read_message(mail.payload))
        except MalformedEvent as error:
            if not messages:
                return Abandoned(str(error), done=1)
            break
    return messages


def _question(
    messages: Sequence[MessageReceived],
    mails: Sequence[Mail],
    bot: OpenId,
    hearing: Hearing,
    recalled: Container[MessageId],
) -> Question | Ignored:
    addressed = [place for place, each in enumerate(messages) if hearing.asks(each, bot)]
    asking = [place for place in addressed if messages[place].message_id not in recalled]
    if not asking:
        return Ignored("recalled" if addressed else "not_addressed", done=len(messages))
    event_id = mails[asking[0]].event_id
    again = event_id.removeprefix(AGAIN) if event_id.startswith(AGAIN) else ""
    return Question([messages[place] for place in asking], len(messages), again)


def message_ids(mails: Sequence[Mail]) -> list[MessageId]:
    """Return the ids of the messages that can be read."""
    found = []
    for mail in mails:
        with suppress(MalformedEvent):
            found.append(read_message(mail.payload).message_id)
    return found


def target_of(
    asked: Question | Stop | Sent,
    conversation: ConversationId,
    *,
    in_thread: bool,
    language: Language,
) -> Target:
    """Return where the answer goes: into the question's thread, or one of its own."""
    again = asked.again if isinstance(asked, Question) else ""
    message = asked.to
    in_thread = message.in_thread or in_thread
    offers = isinstance(asked, Question)
    return Target(message.message_id, conversation, in_thread, again, language, offers)
