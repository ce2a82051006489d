"""A message as the Open API describes it (im-v1/message/get)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import orjson

from simulator.world.card_json import is_schema_2
from simulator.world.messages import SenderKind
from simulator.world.people import TENANT_KEY

if TYPE_CHECKING:
    from simulator.world.card_json import CardJson
    from simulator.world.messages import Mention, Message


RECALLED: Final = "This message was recalled"
UNSEEN: Final = "请升级至最新版本客户端，以查看内容"
"""What stands for a card of JSON 2.0 where its content is not given out (facts 3)."""


def described(message: Message) -> dict[str, object]:
    """Return a message in the shape all three APIs answer with; what it lacks is left out."""
    id_type = "app_id" if message.sender.kind is SenderKind.APP else "open_id"
    body: dict[str, object] = {
        "message_id": message.message_id,
        "msg_type": message.msg_type,
        "create_time": str(int(message.created_at * 1000)),
        "update_time": str(int(message.updated_at * 1000)),
        "deleted": message.deleted,
        "updated": message.edits > 0 or message.revision_count > 1,
        "chat_id": message.chat_id,
        "sender": {
            "id": message.sender.address,
            "id_type": id_type,
            "sender_type": message.sender.kind,
            "tenant_key": TENANT_KEY,
        },
        "body": {"content": message.content},
    }
    place = message.place
    optional = {
        "root_id": place.root_id,
        "parent_id": place.parent_id,
        "thread_id": place.thread_id,
        "upper_message_id": message.upper_message_id,
        "mentions": [_mention(mention) for mention in message.mentions],
    }
    body.update({key: value for key, value in optional.items() if value})
    return body


def described_again(message: Message, *, raw: bool) -> dict[str, object]:
    """Return a message as it is read back: without what was recalled, or is too new a card."""
    body = described(message)
    if message.deleted:
        body["body"] = {"content": RECALLED}
        body.pop("mentions", None)
    elif message.card is not None:
        body["body"] = {"content": _card(message.card.content, raw=raw)}
    return body


def _card(card: CardJson, *, raw: bool) -> str:
    if is_schema_2(card) and not raw:
        line = [{"tag": "text", "text": UNSEEN}]
        return orjson.dumps({"title": None, "elements": [line]}).decode()
    return orjson.dumps(card).decode()


def _mention(mention: Mention) -> dict[str, str]:
    return {
        "key": mention.key,
        "id": mention.open_id,
        "id_type": "open_id",
        "name": mention.name,
        "tenant_key": TENANT_KEY,
    }
