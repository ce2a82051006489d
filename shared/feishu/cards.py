"""The card of an answer in each of its states, as card JSON 2.0. Pure.

https://open.feishu.cn/document/feishu-cards/card-json-v2-structure
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

from shared.feishu.presses import MARK

if TYPE_CHECKING:
    from shared.model.ids import ConversationId, LetterId, MessageId
    from shared.model.press import Act

Card = dict[str, Any]
Element = dict[str, Any]

ANSWER: Final = "answer"
"""The element that holds the text, in every state."""

SORRY: Final = "抱歉，这条消息我没能回答。\nSorry, I could not answer this message."
BELOW: Final = "回答见下。The answer is below."
_THINKING: Final = "思考中……Thinking…"
_SUMMARY: Final = 80
"""Characters of an answer that the list of chats shows."""


def waiting(ahead: int) -> Card:
    """The question stands in line behind `ahead` others."""
    told = f"前面还有 {ahead} 条。{ahead} ahead of you." if ahead else "马上轮到你。You are next."
    return _growing(_card(told))


def thinking(question: MessageId, conversation: ConversationId) -> Card:
    """Nothing is written yet."""
    return streaming(_THINKING, question, conversation)


def streaming(text: str, question: MessageId, conversation: ConversationId) -> Card:
    """The answer grows, and can be stopped. The list of chats says that it is being written."""
    return _growing(_card(text, button("停止 Stop", "stop", question, conversation)))


def finished(text: str) -> Card:
    """The answer is all there."""
    return _card(text)


def stopped(text: str, word: str) -> Card:
    """Somebody stopped the answer where it was; `word` says so."""
    if not text:
        return _card(word)
    note = {"tag": "plain_text", "content": word, "text_size": "notation", "text_color": "grey"}
    return _card(text, {"tag": "div", "text": note})


def failed(question: MessageId, conversation: ConversationId, letter: LetterId) -> Card:
    """There will be no answer, unless the dead letter that became of it is replayed."""
    return _card(SORRY, button("重试 Try again", "retry", question, conversation, letter=letter))


def button(
    label: str, act: Act, question: MessageId, conversation: ConversationId, **more: str
) -> Element:
    """Return a button whose press `read_press` understands."""
    value = {MARK: act, "question": question, "conversation": conversation, **more}
    return {
        "tag": "button",
        "element_id": act,
        "text": {"tag": "plain_text", "content": label},
        "behaviors": [{"type": "callback", "value": value}],
    }


def described(card: Card) -> dict[str, str]:
    """Return a card as cardkit takes it (cardkit-v1/card/create)."""
    return {"type": "card_json", "data": orjson.dumps(card).decode()}


def _growing(card: Card) -> Card:
    card["config"] = {"update_multi": True, "streaming_mode": True}
    return card


def _card(text: str, *below: Element) -> Card:
    answer = {"tag": "markdown", "element_id": ANSWER, "content": text}
    return {
        "schema": "2.0",
        "config": {
            "update_multi": True,
            "streaming_mode": False,
            "summary": {"content": " ".join(text[: 4 * _SUMMARY].split())[:_SUMMARY]},
        },
        "body": {"elements": [answer, *below]},
    }
