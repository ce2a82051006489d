"""The text of a streamed answer, whatever the model and however the network cuts it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import LarkspurError, ModelRefused, ModelUnavailable
from tests.unit.test_sse import chunk, event, finish, reasoning, usage
from workers.responders.chat.stream import StreamedAnswer

DONE = b"data: [DONE]\n\n"


def answer(*events: bytes) -> StreamedAnswer:
    streamed = StreamedAnswer()
    for each in events:
        streamed.feed(each)
    return streamed


@given(
    st.lists(st.text(min_size=1), min_size=1).filter(lambda all_: "".join(all_).strip()), st.data()
)
def test_answer_is_what_the_model_said_however_it_was_cut(
    texts: list[str], data: st.DataObject
) -> None:
    stream = b"".join(event(chunk(text)) for text in texts) + event(finish()) + DONE
    streamed, start = StreamedAnswer(), 0
    while start < len(stream):
        end = start + data.draw(st.integers(1, 100))
        streamed.feed(stream[start:end])
        start = end

    whole = "".join(texts)
    expected = whole.partition("</think>")[2].lstrip() if "<think>" in whole else whole
    assert streamed.end() == expected


def test_what_came_so_far_can_be_shown() -> None:
    streamed = answer(event(chunk("Hel")))
    assert streamed.text == "Hel"

    streamed.feed(event(chunk("lo")))

    assert streamed.text == "Hello"


def test_reasoning_and_usage_are_no_part_of_the_answer() -> None:
    thinking: dict[str, Any] = chunk()
    thinking["choices"][0]["delta"] = {"content": None, "reasoning_content": "hm"}

    streamed = answer(event(thinking), event(chunk("yes")), event(finish()), event(usage()), DONE)

    assert streamed.end() == "yes"
    assert answer(event(reasoning("yes")), DONE).end() == "yes"


def test_thoughts_before_the_answer_are_not_shown() -> None:
    streamed = answer(event(chunk("<think>shall ")), event(chunk("I?</thi")))
    assert streamed.text == ""

    streamed.feed(event(chunk("nk>\n\nYes.")) + DONE)

    assert streamed.end() == "Yes."


def test_halves_of_a_character_become_one() -> None:
    halves = [event(chunk(half)) for half in ("\ud83d", "\ude00")]

    assert answer(*halves, DONE).end() == "😀"
    assert answer(halves[0], event(chunk("!")), DONE).end() == "�!"


def test_answer_that_broke_off_is_to_be_asked_for_again() -> None:
    with pytest.raises(ModelUnavailable, match="broke off"):
        answer(event(chunk("Hel"))).end()


def test_answer_cut_at_its_length_is_one() -> None:
    cut = finish()
    cut["choices"][0]["finish_reason"] = "length"

    assert answer(event(chunk("Hel")), event(cut)).end() == "Hel"


@pytest.mark.parametrize("silence", [b"", event(finish()), event(chunk(" \n"))])
def test_model_that_says_nothing_has_refused(silence: bytes) -> None:
    with pytest.raises(ModelRefused, match="nothing"):
        answer(silence, DONE).end()


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        (event({"error": {"message": "overloaded"}}), ModelUnavailable),
        (b"data: {not json}\n\n", ModelUnavailable),
        (b"data: []\n\n", ModelUnavailable),
        (event({**finish(), "choices": [{"finish_reason": "content_filter"}]}), ModelRefused),
    ],
    ids=["error", "no JSON", "no chunk", "filter"],
)
def test_what_goes_wrong_amidst_an_answer_is_a_fault(
    said: bytes, fault: type[LarkspurError]
) -> None:
    with pytest.raises(fault):
        answer(event(chunk("Hel")), said)


def test_comments_and_other_fields_are_passed_over() -> None:
    stream = b": ping\r\n\r\nevent: message\r\nid: 7\r\n" + event(chunk("a"), "\r\n\r\n") + DONE

    assert answer(stream).end() == "a"


def test_chunk_without_a_space_after_the_colon_is_read() -> None:
    assert answer(b"data:" + json.dumps(chunk("a")).encode() + b"\n\n", DONE).end() == "a"
