from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from shared.errors import MalformedEvent
from shared.feishu import cards
from shared.feishu.presses import read_press
from shared.feishu.texts import LARGEST
from shared.model.ids import ConversationId, LetterId, MessageId
from simulator.world.card_rules import check_entity
from tests.factories import message, payload, pressed

if TYPE_CHECKING:
    from shared.feishu.cards import Card

QUESTION, CONVERSATION = MessageId("om_question"), ConversationId("oc_chat:omt_thread")
LONG = "x" * (LARGEST - 2)

STATES = {
    "waiting": cards.waiting(2),
    "thinking": cards.thinking(QUESTION, CONVERSATION),
    "streaming": cards.streaming(LONG, QUESTION, CONVERSATION),
    "finished": cards.finished(LONG),
    "stopped": cards.stopped(LONG, "已停止 Stopped"),
    "stopped at once": cards.stopped("", "已停止 Stopped"),
    "failed": cards.failed(QUESTION, CONVERSATION, LetterId("e_1")),
}


def element(card: Card, name: str) -> dict[str, Any] | None:
    found = [each for each in card["body"]["elements"] if each.get("element_id") == name]
    return found[0] if found else None


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
    summary = cards.finished("# A flower\n\nLarkspur " + "is " * 100)["config"]["summary"]

    assert summary["content"].startswith("# A flower Larkspur is is")
    assert len(summary["content"]) == 80


def test_list_of_chats_says_itself_that_an_answer_is_written() -> None:
    assert "summary" not in STATES["streaming"]["config"]


@pytest.mark.parametrize(("state", "act"), [("streaming", "stop"), ("failed", "retry")])
def test_press_of_a_button_of_ours_is_read(state: str, act: str) -> None:
    button = element(STATES[state], act)
    assert button is not None
    event = pressed(value=button["behaviors"][0]["value"])

    press = read_press(payload(event))

    assert press is not None
    assert (press.act, press.question, press.conversation) == (act, QUESTION, CONVERSATION)
    assert press.card == event["event"]["context"]["open_message_id"]
    assert press.by == "ou_alice"


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
