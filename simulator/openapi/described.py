"""A message as the Open API describes it (im-v1/message/get)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.world.messages import SenderKind
from simulator.world.people import TENANT_KEY

if TYPE_CHECKING:
    from simulator.world.messages import Mention, Message


def described(message: Message) -> dict[str, object]:
    """Return a message in the shape all three APIs answer with; what it lacks is left out."""
    id_type = "app_id" if message.sender.kind is SenderKind.APP else "open_id"
    body: dict[str, object] = {
        "message_id": message.message_id,
        "msg_type": message.msg_type,
        "create_time": str(int(message.created_at * 1000)),
        "update_time": str(int(message.updated_at * 1000)),
        "deleted": False,
        "updated": len(message.revisions) > 1,
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
        "mentions": [_mention(mention) for mention in message.mentions],
    }
    body.update({key: value for key, value in optional.items() if value})
    return body


def _mention(mention: Mention) -> dict[str, str]:
    return {
        "key": mention.key,
        "id": mention.open_id,
        "id_type": "open_id",
        "name": mention.name,
        "tenant_key": TENANT_KEY,
    }
