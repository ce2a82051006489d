"""Which event this is, and where in line it stands. Pure: bytes in, values out.

Shapes: facts 2.3 and 2.4, and the page of each event.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from shared.errors import MalformedEvent
from shared.feishu.envelope import id_of, object_of, parsed
from shared.feishu.known_events import KNOWN_EVENTS
from shared.model.event import Event, Unkept
from shared.model.ids import ConversationId, EventId, MessageId
from shared.model.queue import APPROVAL, PRESSES, SINGLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MESSAGE_RECEIVED: Final = "im.message.receive_v1"
V1_MESSAGE_RECEIVED: Final = "message"
CARD_PRESSED: Final = "card.action.trigger"
PREVIEW_ASKED: Final = "url.preview.get"
MESSAGE_RECALLED: Final = "im.message.recalled_v1"
MENU_CHOSEN: Final = "application.bot.menu_v6"
BOT_ADDED: Final = "im.chat.member.bot.added_v1"
CHAT_ENTERED: Final = "im.chat.access_event.bot_p2p_chat_entered_v1"
CALLBACKS: Final = frozenset({CARD_PRESSED, PREVIEW_ASKED})
"""Somebody waits for the answer, and they come only once (facts 2.4)."""

EVERYTHING: Final = "*"

Place = tuple[MessageId | None, str]


class Identify:
    """Tells events apart; of those that have no place in a chat it keeps only what was asked for.

    `keep` names further kinds of events; `*` stands for all.
    """

    def __init__(self, *, at_most: int, keep: Iterable[str] = ()) -> None:
        self._at_most = at_most
        self._keep = frozenset(keep)
        self._named = KNOWN_EVENTS | self._keep - {EVERYTHING}

    def kind(self, event_type: str) -> str:
        """Return a type as a metric's label: itself if it is known, else `other`."""
        return event_type if event_type in self._named else "other"

    def __call__(self, payload: bytes) -> Event | Unkept:
        """Return which event it is and, if such events are kept, its place in line.

        Raises:
            MalformedEvent: it is too large, not JSON, not an event, or has no usable id.
        """
        if len(payload) > self._at_most:
            raise MalformedEvent("too_large", f"{len(payload)} bytes")
        envelope = object_of(parsed(payload), "not_an_object")
        event_type, event_id = _named(envelope)
        if event_type in _PLACES:
            event = object_of(envelope.get("event"), "no_event")
            message_id, conversation = _PLACES[event_type](event, event_id)
        elif event_type in self._keep or EVERYTHING in self._keep:
            message_id, conversation = _elsewhere(envelope.get("event"), event_id)
        else:
            return Unkept(event_type, event_id)
        return Event(event_type, event_id, message_id, ConversationId(conversation))


def _named(envelope: dict[str, Any]) -> tuple[str, EventId]:
    """Return type and id. In v1 the outer uuid is the id, the inner one is not (facts 2.3)."""
    header = envelope.get("header")
    if isinstance(header, dict):
        event_type = header.get("event_type")
        event_id = header.get("event_id") or _token(envelope.get("event"))
    else:
        event_type = object_of(envelope.get("event"), "no_event").get("type")
        event_id = envelope.get("uuid")
    return id_of(event_type, "event_type"), EventId(id_of(event_id, "event_id"))


def _token(event: object) -> object:
    """A callback has a token of its own, which stands in where it has no event_id."""
    if not isinstance(event, dict):
        return None
    context = event.get("context")
    return event.get("token") or (isinstance(context, dict) and context.get("preview_token"))


def _message_place(event: dict[str, Any], _: EventId) -> Place:
    """A message stands in line with its thread if it has one, else with its chat."""
    message = object_of(event.get("message"), "no_message")
    conversation = id_of(message.get("chat_id"), "chat_id")
    if thread := message.get("thread_id"):
        conversation = f"{conversation}:{id_of(thread, 'thread_id')}"
    return MessageId(id_of(message.get("message_id"), "message_id")), conversation


def _v1_message_place(event: dict[str, Any], _: EventId) -> Place:
    """The first generation knows no threads, and its `message_id` is empty."""
    conversation = id_of(event.get("open_chat_id"), "chat_id")
    return MessageId(id_of(event.get("open_message_id"), "message_id")), conversation


def _callback_place(event: dict[str, Any], event_id: EventId) -> Place:
    """What is pressed in a chat stands in one line, where the chat is told.

    Not in that of its messages: a button that stops a turn would wait for the turn.
    """
    context = event.get("context")
    chat = context.get("open_chat_id") if isinstance(context, dict) else None
    return None, f"{PRESSES}{id_of(chat, 'chat_id')}" if chat else f"{SINGLE}{event_id}"


def _recall_place(event: dict[str, Any], _: EventId) -> Place:
    """A recall stands where presses do: in the line of its chat it would wait for the turn."""
    return None, f"{PRESSES}{id_of(event.get('chat_id'), 'chat_id')}"


def _elsewhere(event: object, event_id: EventId) -> Place:
    """What happens to one approval stands in one line (facts 2.2); the rest in none."""
    instance = None
    if isinstance(event, dict):
        inner = event.get("object")
        instance = (inner if isinstance(inner, dict) else event).get("instance_code")
    if not instance:
        return None, f"{SINGLE}{event_id}"
    return None, f"{APPROVAL}{id_of(instance, 'instance_code')}"


_PLACES: Final[dict[str, Callable[[dict[str, Any], EventId], Place]]] = {
    MESSAGE_RECEIVED: _message_place,
    V1_MESSAGE_RECEIVED: _v1_message_place,
    CARD_PRESSED: _callback_place,
    PREVIEW_ASKED: _callback_place,
    MESSAGE_RECALLED: _recall_place,
}
