"""What the platform sends, read into the model. Pure: bytes in, values out.

Shapes: facts 2.3 and 8, and https://open.feishu.cn/document/server-docs/im-v1/message/events/receive.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

import orjson

from shared.errors import MalformedEvent
from shared.feishu.contents import text_of
from shared.model.event import Event
from shared.model.ids import ChatId, ConversationId, EventId, MessageId, OpenId
from shared.model.message import Mention, MessageReceived

if TYPE_CHECKING:
    from collections.abc import Callable

MESSAGE_RECEIVED: Final = "im.message.receive_v1"

_ID: Final = re.compile(r"[A-Za-z0-9_.:=@+/-]{1,128}", re.ASCII)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def identify(payload: bytes, *, at_most: int) -> Event:
    """Tell which event this is and where in line it stands.

    Raises:
        MalformedEvent: it is over `at_most` bytes, not JSON, not an event, or has no usable id.
    """
    if len(payload) > at_most:
        raise MalformedEvent("too_large", f"{len(payload)} bytes")
    envelope = _object(_parse(payload), "not_an_object")
    header = envelope.get("header")
    if isinstance(header, dict):
        event_type, event_id = header.get("event_type"), header.get("event_id")
    else:  # v1: the outer uuid is the event's id, the inner one is not (facts 2.3)
        event_type = _object(envelope.get("event"), "no_event").get("type")
        event_id = envelope.get("uuid")
    if not isinstance(event_type, str) or not event_type:
        raise MalformedEvent("no_event_type")
    identity = EventId(_id(event_id, "event_id"))
    message_id, conversation = None, None
    if place := _PLACES.get(event_type):
        message_id, conversation = place(_object(envelope.get("event"), "no_event"))
    return Event(event_type, identity, message_id, conversation)


def read_message(payload: bytes) -> MessageReceived:
    """Read an `im.message.receive_v1`.

    Raises:
        MalformedEvent: it lacks something that every message has.
    """
    event = _object(_object(_parse(payload), "not_an_object").get("event"), "no_event")
    message = _object(event.get("message"), "no_message")
    sender = _object(event.get("sender"), "no_sender")
    return MessageReceived(
        message_id=MessageId(_id(message.get("message_id"), "message_id")),
        chat_id=ChatId(_id(message.get("chat_id"), "chat_id")),
        chat_type="p2p" if message.get("chat_type") == "p2p" else "group",
        in_thread=bool(message.get("thread_id")),
        sender=OpenId(str(_object(sender.get("sender_id"), "no_sender").get("open_id") or "")),
        sent_by_user=sender.get("sender_type") == "user",
        text=text_of(str(message.get("message_type")), _content(message.get("content"))),
        mentions=_mentions(message.get("mentions")),
    )


def _message_place(event: dict[str, Any]) -> tuple[MessageId, ConversationId]:
    """A message stands in line with its thread if it has one, else with its chat."""
    message = _object(event.get("message"), "no_message")
    conversation = _id(message.get("chat_id"), "chat_id")
    if thread := message.get("thread_id"):
        conversation = f"{conversation}:{_id(thread, 'thread_id')}"
    return MessageId(_id(message.get("message_id"), "message_id")), ConversationId(conversation)


_PLACES: Final[dict[str, Callable[[dict[str, Any]], tuple[MessageId, ConversationId]]]] = {
    MESSAGE_RECEIVED: _message_place,
}


def _mentions(entries: object) -> tuple[Mention, ...]:
    """A mention that cannot be read addresses nobody, which is no fault of the message."""
    known = entries if isinstance(entries, list) else []
    return tuple(_mention(entry) for entry in known if isinstance(entry, dict))


def _mention(entry: dict[str, Any]) -> Mention:
    identity = entry.get("id")
    open_id = identity.get("open_id") if isinstance(identity, dict) else None
    return Mention(
        key=str(entry.get("key") or ""),
        open_id=OpenId(str(open_id or "")),
        name=str(entry.get("name") or ""),
    )


def _content(content: object) -> dict[str, Any]:
    """`content` is JSON inside JSON; what cannot be read has no text, which is no fault."""
    if not isinstance(content, str):
        return {}
    try:
        parsed = _parse(content.encode())
    except MalformedEvent:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _parse(raw: bytes) -> Any:
    """Parse JSON as forgivingly as honesty allows: half a surrogate pair becomes U+FFFD.

    orjson refuses lone surrogates, and a user's broken emoji must not cost the message.
    """
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        pass
    try:
        return json.loads(raw, object_hook=_mended, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise MalformedEvent("not_json") from error


def _mended(parsed: dict[str, Any]) -> dict[str, Any]:
    return {_whole(key): _whole(value) for key, value in parsed.items()}


def _whole(value: Any) -> Any:
    return _SURROGATE.sub("\ufffd", value) if isinstance(value, str) else value


def _refuse_constant(constant: str) -> None:
    raise ValueError(constant)


def _object(value: object, reason: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise MalformedEvent(reason)
    return value


def _id(value: object, name: str) -> str:
    """Ids become keys, log fields and task arguments, so none may need escaping."""
    if not isinstance(value, str) or not value:
        raise MalformedEvent(f"no_{name}")
    if not _ID.fullmatch(value):
        raise MalformedEvent(f"bad_{name}")
    return value
