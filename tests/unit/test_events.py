from __future__ import annotations

from typing import Any

import pytest

from shared.errors import MalformedEvent
from shared.feishu.events import Identify
from shared.model.event import Event, Unkept
from shared.model.ids import ConversationId, EventId, MessageId
from tests.events import v1_message
from tests.factories import message, payload, pressed

PLENTY = 1_000_000
MESSAGE = "im.message.receive_v1"

identify = Identify(at_most=PLENTY)
keep_all = Identify(at_most=PLENTY, keep=["*"])


def place(raw: dict[str, Any], *, by: Identify = keep_all) -> str:
    event = by(payload(raw))
    assert isinstance(event, Event)
    return event.conversation


def test_message_stands_in_line_with_its_chat() -> None:
    event = identify(payload(message(event_id="e1", message_id="om_1", chat="oc_1")))

    assert event == Event(MESSAGE, EventId("e1"), MessageId("om_1"), ConversationId("oc_1"))


def test_message_in_a_thread_stands_in_line_with_the_thread() -> None:
    assert place(message(chat="oc_1", thread="omt_1"), by=identify) == "oc_1:omt_1"


def test_click_stands_in_line_with_the_others_of_its_chat_under_an_id_of_its_own() -> None:
    event = identify(payload(pressed(event_id="e1", chat="oc_1")))

    assert event == Event(
        "card.action.trigger", EventId("e1"), None, ConversationId("presses:oc_1")
    )


def test_click_outside_a_chat_stands_alone() -> None:
    click = pressed(event_id="e1")
    del click["event"]["context"]

    assert place(click) == "event:e1"


def test_callback_without_an_event_id_is_known_by_its_token() -> None:
    raw = {
        "header": {"event_id": "", "event_type": "url.preview.get"},
        "event": {"context": {"preview_token": "token-1", "open_chat_id": "oc_1"}},
    }

    event = identify(payload(raw))

    assert event == Event(
        "url.preview.get", EventId("token-1"), None, ConversationId("presses:oc_1")
    )


def test_kind_of_event_that_nobody_asked_for_is_not_kept() -> None:
    raw = {"header": {"event_type": "moon.landed_v1", "event_id": "e1"}, "event": {}}

    assert identify(payload(raw)) == Unkept("moon.landed_v1", EventId("e1"))


def test_kind_of_event_that_was_asked_for_stands_alone() -> None:
    raw = {"header": {"event_type": "moon.landed_v1", "event_id": "e1"}, "event": {}}

    assert place(raw, by=Identify(at_most=PLENTY, keep=["moon.landed_v1"])) == "event:e1"


@pytest.mark.parametrize(
    "raw",
    [
        {"uuid": "1", "event": {"type": "approval_task", "instance_code": "A-1"}},
        {
            "header": {"event_type": "approval.instance.status_changed_v4", "event_id": "1"},
            "event": {"object": {"instance_code": "A-1"}},
        },
    ],
    ids=["v1", "v2"],
)
def test_what_happens_to_one_approval_stands_in_one_line(raw: dict[str, Any]) -> None:
    assert place(raw) == "approval:A-1"


def test_v1_event_is_known_by_its_outer_uuid() -> None:
    raw = {"uuid": "outer", "event": {"type": "approval_instance", "uuid": "inner"}}

    assert identify(payload(raw)) == Unkept("approval_instance", EventId("outer"))


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "not_json"),
        (b"\xff", "not_json"),
        (b'{"a": NaN}', "not_json"),
        (b"[" * 100_000, "not_json"),
        (b"null", "not_an_object"),
        (b"{}", "no_event"),
        (b'{"event": {"type": 3}}', "no_event_type"),
        (b'{"header": {"event_type": "moon landed"}, "event": {}}', "bad_event_type"),
        (b'{"event": {"type": "a"}}', "no_event_id"),
        (b'{"event": {"type": "a"}, "uuid": 7}', "no_event_id"),
        (b'{"event": {"type": "a"}, "uuid": "a b"}', "bad_event_id"),
        (payload(message(event_id="x" * 129)), "bad_event_id"),
        (payload(message(chat="oc_1\n")), "bad_chat_id"),
        (payload(message(message_id="')(")), "bad_message_id"),
        (b"x" * (PLENTY + 1), "too_large"),
    ],
)
def test_unreadable_payload_is_malformed_for_one_reason(raw: bytes, reason: str) -> None:
    with pytest.raises(MalformedEvent) as caught:
        identify(raw)

    assert caught.value.reason == reason


def test_message_of_the_first_generation_stands_in_line_with_its_chat() -> None:
    raw = v1_message("hello", open_chat_id="oc_1", open_message_id="om_1")

    event = identify(payload(raw))

    assert event == Event(
        "message", EventId(raw["uuid"]), MessageId("om_1"), ConversationId("oc_1")
    )


def test_type_is_a_label_only_if_it_is_known_or_kept_by_its_name() -> None:
    by_name = Identify(at_most=PLENTY, keep=["moon.landed_v1", "*"])

    kinds = [
        by_name.kind(one) for one in (MESSAGE, "user_add", "moon.landed_v1", "made.up_v1", "*")
    ]

    assert kinds == [MESSAGE, "user_add", "moon.landed_v1", "other", "other"]
