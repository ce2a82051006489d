"""`im.message.recalled_v1`, read. Pure: bytes in, an id out.

https://open.feishu.cn/document/server-docs/im-v1/message/events/recalled
"""

from __future__ import annotations

from shared.feishu.envelope import id_of, object_of, parsed
from shared.model.ids import MessageId


def read_recall(payload: bytes) -> MessageId:
    """Return the message that was recalled.

    Raises:
        MalformedEvent: it names none.
    """
    event = object_of(object_of(parsed(payload), "not_an_object").get("event"), "no_event")
    return MessageId(id_of(event.get("message_id"), "message_id"))
