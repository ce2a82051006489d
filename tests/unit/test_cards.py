from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from shared.errors import MalformedEvent
from shared.feishu import cards
from shared.feishu.presses import read_press
from shared.feishu.texts import LARGEST
from shared.model.ask import Ask
from shared.model.ids import ConversationId, LetterId, MessageId
from shared.model.progress import Progress
from shared.model.target import Target
from simulator.world.card_rules import check_entity
from tests.factories import message, payload, pressed

if TYPE_CHECKING:
    from shared.feishu.cards import Card

QUESTION, CONVERSATION = MessageId("om_question"), ConversationId("oc_chat:omt_thread")
TARGET = Target(QUESTION, CONVERSATION)
WHOLE = Progress("", "thought " * 1000, ("search", "read"), "a-model · 3.2 s · 512 tokens")
ASKS = [Ask("1-0", "delete", '{"number":"5"}'), Ask("1-1", "pay", "")]
LONG = "x" * (LARGEST - 2)

STATES = {
    "waiting": cards.waiting(2, TARGET),
    "thinking": cards.thinking(TARGET),
    "streaming": cards.streaming(LONG, TARGET),
    "finished": cards.finished(LONG, WHOLE, TARGET),
    "continued": cards.continued(LONG, TARGET),
    "stopped": cards.stopped(LONG, "已停止 Stopped"),
    "stopped at once": cards.stopped("", "已停止 Stopped"),
    "asking": cards.asking(WHOLE, ASKS, TARGET),
    "failed": cards.failed(TARGET, LetterId("e_1")),
}


def element(card: Card, name: str) -> dict[str, Any] | None:
    waiting = list(card["body"]["elements"])
    while waiting:
        each = waiting.pop(0)
        if each.get("element_id") == name:
            return dict(each)
        waiting += each.get("elements", []) + each.get("columns", [])
    return None


def buttons(card: Card) -> list[dict[str, Any]]:
    found, waiting = [], list(card["body"]["elements"])
    while waiting:
        each = waiting.pop(0)
        if each["tag"] == "button":
            found.append(each)
        waiting[:0] = [*each.get("columns", []), *each.get("elements", [])]
    return found


@pytest.mark.parametrize("state", STATES)
def test_platform_takes_every_state_of_a_card(state: str) -> None:
    check_entity(STATES[state])


@pytest.mark.parametrize("state", STATES)
def test_every_state_holds_the_text_in_the_same_element(state: str) -> None:
    found = element(STATES[state], cards.ANSWER)

    assert found is not None
    assert found["tag"] == "markdown"
    assert found["content"]


@pytest.mark.parametrize("state", STATES)
def test_card_streams_until_its_end_and_can_be_stopped_while_it_is_written(state: str) -> None:
    card = STATES[state]

    assert card["config"]["streaming_mode"] is (state in ("waiting", "thinking", "streaming"))
    assert (element(card, "stop") is not None) is (state in ("thinking", "streaming"))


def test_list_of_chats_shows_the_first_words() -> None:
    summary = cards.finished("# A flower\n\nLarkspur " + "is " * 100, WHOLE, TARGET)["config"][
        "summary"
    ]

    assert summary["content"].startswith("# A flower Larkspur is is")
    assert len(summary["content"]) == 80


def test_list_of_chats_says_itself_that_an_answer_is_written() -> None:
    assert "summary" not in STATES["streaming"]["config"]


@pytest.mark.parametrize(
    ("state", "act"),
    [
        ("streaming", "stop"),
        ("failed", "retry"),
        ("finished", "again"),
        ("finished", "up"),
        ("finished", "down"),
    ],
)
def test_press_of_a_button_of_ours_is_read(state: str, act: str) -> None:
    button = element(STATES[state], act)
    assert button is not None
    event = pressed(value=button["behaviors"][0]["value"])

    press = read_press(payload(event))

    assert press is not None
    assert (press.act, press.question, press.conversation) == (act, QUESTION, CONVERSATION)
    assert press.card == event["event"]["context"]["open_message_id"]
    assert press.by == "ou_alice"


def test_every_ask_has_two_buttons_of_its_own() -> None:
    pressed_as = [
        read_press(payload(pressed(value=each["behaviors"][0]["value"])))
        for each in buttons(STATES["asking"])
    ]

    assert [(press.act, press.ask) for press in pressed_as if press] == [
        *(("allow", "1-0"), ("deny", "1-0")),
        *(("allow", "1-1"), ("deny", "1-1")),
    ]


def test_card_speaks_the_language_of_who_asked() -> None:
    chinese = Target(QUESTION, CONVERSATION, language="zh")

    assert "停止" in str(cards.thinking(chinese))
    assert "Stop" not in str(cards.thinking(chinese))
    assert "Stop" in str(cards.thinking(TARGET))


def test_finished_card_tells_how_the_answer_came_about() -> None:
    card = STATES["finished"]
    thoughts, steps = element(card, "thoughts"), element(card, "steps")

    assert thoughts is not None
    assert steps is not None
    assert (thoughts["expanded"], steps["expanded"]) == (False, False)
    assert steps["elements"][0]["content"] == "- search\n- read"
    assert "a-model · 3.2 s · 512 tokens" in str(card)


def test_what_is_no_answer_offers_none_anew() -> None:
    target = Target(QUESTION, CONVERSATION, offers=False)

    assert buttons(cards.finished("yes", Progress("yes"), target)) == []


def test_plain_answer_has_no_panels() -> None:
    card = cards.finished("yes", Progress("yes"), TARGET)

    assert element(card, "thoughts") is element(card, "steps") is None


def test_card_shows_what_goes_before_the_text() -> None:
    progress = Progress(thoughts="hm\nwell", steps=("search",))

    assert cards.live(progress) == "- search\n> hm\n> well"


@pytest.mark.parametrize(
    "value",
    [
        {"act": "approve"},
        {},
        "stop",
        7,
        [],
        {"larkspur": "burn", "question": "om_1", "conversation": "oc_1"},
        {"larkspur": ["stop"], "question": "om_1", "conversation": "oc_1"},
        {"larkspur": "stop"},
        {"larkspur": "stop", "question": "om_1", "conversation": ""},
        {"larkspur": "stop", "question": "om 1", "conversation": "oc_1"},
        {"larkspur": "stop", "question": {"a": 1}, "conversation": "oc_1"},
    ],
)
def test_press_of_any_other_button_is_none_of_ours(value: object) -> None:
    assert read_press(payload(pressed(value=value))) is None


@pytest.mark.parametrize("missing", ["action", "context", "operator"])
def test_press_that_says_too_little_is_none_of_ours(missing: str) -> None:
    event = pressed(value={"larkspur": "stop", "question": "om_1", "conversation": "oc_1"})
    del event["event"][missing]

    assert read_press(payload(event)) is None


def test_other_event_is_no_press() -> None:
    assert read_press(payload(message())) is None


def test_what_is_no_event_is_malformed() -> None:
    with pytest.raises(MalformedEvent):
        read_press(b"[]")
