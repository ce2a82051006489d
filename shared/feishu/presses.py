"""`card.action.trigger`, read as a press of a button of ours. Pure: bytes in, values out.

Shapes: facts 2.4, and `button` in `shared/feishu/cards.py`.
"""

from __future__ import annotations

from typing import Any, Final, get_args

from shared.errors import MalformedEvent
from shared.feishu.envelope import id_of, object_of, parsed
from shared.model.ids import ConversationId, LetterId, MessageId, OpenId
from shared.model.press import Act, Press

MARK: Final = "larkspur"


def read_press(payload: bytes) -> Press | None:
    """Read a press; None if it was no button of ours, or one of a card that is damaged.

    Raises:
        MalformedEvent: it is no event.
    """
    event = object_of(object_of(parsed(payload), "not_an_object").get("event"), "no_event")
    action = event.get("action")
    value = action.get("value") if isinstance(action, dict) else None
    try:
        return _press(event, value) if isinstance(value, dict) else None
    except MalformedEvent:
        return None


def _press(event: dict[str, Any], value: dict[str, Any]) -> Press | None:
    act: Act | None = value.get(MARK)
    if act is None or act not in get_args(Act):
        return None
    context = object_of(event.get("context"), "no_context")
    operator = object_of(event.get("operator"), "no_operator")
    return Press(
        act=act,
        question=MessageId(id_of(value.get("question"), "question")),
        conversation=ConversationId(id_of(value.get("conversation"), "conversation")),
        card=MessageId(id_of(context.get("open_message_id"), "open_message_id")),
        by=OpenId(id_of(operator.get("open_id"), "open_id")),
        letter=LetterId(id_of(value.get("letter"), "letter")) if act == "retry" else None,
        ask=id_of(value.get("ask"), "ask") if act in ("allow", "deny") else "",
    )
