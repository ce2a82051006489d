"""The card of an answer in each of its states, as card JSON 2.0. Pure.

https://open.feishu.cn/document/feishu-cards/card-json-v2-structure
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

from shared.feishu.presses import MARK
from shared.feishu.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared.feishu.words import Words
    from shared.model.ask import Ask
    from shared.model.ids import LetterId
    from shared.model.press import Act
    from shared.model.progress import Progress
    from shared.model.target import Target

Card = dict[str, Any]
Element = dict[str, Any]

ANSWER: Final = "answer"
"""The element that holds the text, in every state."""

_SUMMARY: Final = 80
"""Characters of an answer that the list of chats shows."""

_ASIDE: Final = 3000
"""Characters of thoughts, and of steps, that a card has room for beside the answer."""


def waiting(ahead: int, target: Target) -> Card:
    """The question stands in line behind `ahead` others."""
    words = WORDS[target.language]
    return _growing(_card(words.ahead.format(ahead) if ahead else words.next))


def thinking(target: Target) -> Card:
    """Nothing is written yet."""
    return streaming(WORDS[target.language].thinking, target)


def streaming(text: str, target: Target) -> Card:
    """The answer grows, and can be stopped. The list of chats says that it is being written."""
    return _growing(_card(text, button(WORDS[target.language].stop, "stop", target)))


def live(progress: Progress) -> str:
    """Return what a growing card shows of an answer whose text has not begun: what goes before."""
    steps = [f"- {step}" for step in progress.steps]
    thoughts = [f"> {line}" for line in progress.thoughts[-_ASIDE:].splitlines()]
    return "\n".join([*steps, *thoughts])


def finished(text: str, progress: Progress, target: Target) -> Card:
    """The answer is all there, and what is known of how it came about."""
    footer = [_note(progress.footer)] if progress.footer else []
    offers = [_offers(target)] if target.offers else []
    card = _card(text, *footer, *offers)
    card["body"]["elements"][:0] = _asides(progress, target)
    return card


def asking(progress: Progress, asks: Sequence[Ask], target: Target) -> Card:
    """The answer waits for somebody to allow what the asks name, or to deny it."""
    words = WORDS[target.language]
    below = [element for ask in asks for element in _ask(ask, words, target)]
    card = _card(words.asks, *below)
    card["body"]["elements"][:0] = _asides(progress, target)
    return card


def continued(text: str, target: Target) -> Card:
    """The answer goes on in another card."""
    return _card(text, _note(WORDS[target.language].continued))


def told(text: str) -> Card:
    """Say something, and nothing else."""
    return _card(text)


def stopped(text: str, word: str) -> Card:
    """Somebody stopped the answer where it was; `word` says so."""
    return _card(text, _note(word)) if text else _card(word)


def failed(target: Target, letter: LetterId) -> Card:
    """There will be no answer, unless the dead letter that became of it is replayed."""
    words = WORDS[target.language]
    return _card(words.sorry, button(words.retry, "retry", target, letter=letter))


def button(label: str, act: Act, target: Target, **more: str) -> Element:
    """Return a button whose press `read_press` understands."""
    place = {"question": target.question, "conversation": target.conversation}
    return {
        "tag": "button",
        "element_id": act,
        "text": {"tag": "plain_text", "content": label},
        "behaviors": [{"type": "callback", "value": {MARK: act, **place, **more}}],
    }


def answer_in(card: Card | None) -> str | None:
    """Return the text of an answer's card, without what is around it; None if it is none."""
    match card:
        case {"body": {"elements": [*elements]}}:
            for element in elements:
                match element:
                    case {"element_id": str(name), "content": str(text)} if name == ANSWER:
                        return text
    return None


def described(card: Card) -> dict[str, str]:
    """Return a card as cardkit takes it (cardkit-v1/card/create)."""
    return {"type": "card_json", "data": orjson.dumps(card).decode()}


def _offers(target: Target) -> Element:
    buttons = (
        button(WORDS[target.language].again, "again", target),
        button("👍", "up", target),
        button("👎", "down", target),
    )
    columns = [
        {"tag": "column", "width": "auto", "elements": [{**each, "type": "text", "size": "small"}]}
        for each in buttons
    ]
    return {"tag": "column_set", "flex_mode": "flow", "columns": columns}


def _asides(progress: Progress, target: Target) -> list[Element]:
    """Return what is folded away above an answer: thoughts, and the tools that were used."""
    words, asides = WORDS[target.language], []
    if progress.thoughts:
        asides.append(_panel("thoughts", words.thoughts, progress.thoughts[:_ASIDE]))
    if progress.steps:
        steps = "\n".join(f"- {step}" for step in progress.steps)
        asides.append(_panel("steps", words.steps, steps[:_ASIDE]))
    return asides


def _ask(ask: Ask, words: Words, target: Target) -> list[Element]:
    """Return what is to be allowed, as it stands and not as Markdown, and the two buttons."""
    said = {"tag": "plain_text", "content": f"{ask.tool} {ask.arguments}".rstrip()}
    buttons = (
        {**button(words.allow, "allow", target, ask=ask.id), "type": "primary"},
        {**button(words.deny, "deny", target, ask=ask.id), "type": "danger"},
    )
    columns = [
        # element ids are the act's, and there may be several asks
        {
            "tag": "column",
            "width": "auto",
            "elements": [{key: value for key, value in each.items() if key != "element_id"}],
        }
        for each in buttons
    ]
    return [
        {"tag": "div", "text": said},
        {"tag": "column_set", "flex_mode": "flow", "columns": columns},
    ]


def _panel(element_id: str, title: str, text: str) -> Element:
    return {
        "tag": "collapsible_panel",
        "element_id": element_id,
        "expanded": False,
        "header": {"title": {"tag": "plain_text", "content": title}},
        "elements": [{"tag": "markdown", "content": text, "text_size": "notation"}],
    }


def _note(text: str) -> Element:
    note = {"tag": "plain_text", "content": text, "text_size": "notation", "text_color": "grey"}
    return {"tag": "div", "text": note}


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
