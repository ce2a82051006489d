from __future__ import annotations

import base64
from typing import Any

import pytest

from simulator.model.answers import Answer, answer, tokens
from simulator.model.anthropic_request import read_anthropic
from simulator.model.conversation import ConversationError
from simulator.model.openai_request import read_openai
from simulator.model.wishes import read_wishes

PIXEL = base64.b64encode(
    b"GIF89a\x03\x00\x02\x00\x00\x00\x00;"  # 3 by 2, and no picture in it
).decode()
WEATHER = {
    "name": "weather",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
        "required": ["city", "days"],
    },
}
ASKED_TOOL = '#tool weather {"city":"Oslo"}'


def user(content: Any) -> dict[str, Any]:
    return {"role": "user", "content": content}


def asked(*messages: dict[str, Any], **more: Any) -> Answer:
    return answer(read_openai({"model": "m", "messages": list(messages), **more}))


def words(*messages: dict[str, Any], **more: Any) -> str:
    return "".join(asked(*messages, **more).words)


def tools(**more: Any) -> dict[str, Any]:
    return {"tools": [{"type": "function", "function": WEATHER}], **more}


def test_first_message_is_repeated() -> None:
    assert words(user("hello")) == "You said: hello"


def test_answer_shows_that_history_reached_the_model() -> None:
    conversation = (
        {"role": "system", "content": "be kind"},
        user("one"),
        {"role": "assistant", "content": "You said: one"},
        user("two"),
    )

    assert words(*conversation) == "You said: two (message 2 of this conversation)"


def test_content_may_be_a_list_of_parts() -> None:
    parts = [{"type": "text", "text": "a "}, {"type": "image_url"}, {"type": "text", "text": "b"}]

    assert words(user(parts)) == "You said: a b"


def test_conversation_without_a_user_is_answered() -> None:
    assert words({"role": "system", "content": "hm"}) == "You said nothing."


def test_image_is_described() -> None:
    url = {"url": f"data:image/gif;base64,{PIXEL}"}

    said = words(user([{"type": "text", "text": "see"}, {"type": "image_url", "image_url": url}]))

    assert said == "You said: see [image: image/gif 3x2, 14 bytes]"


def test_image_may_be_elsewhere() -> None:
    url = {"url": "https://example.com/a.png"}

    assert "a picture elsewhere" in words(user([{"type": "image_url", "image_url": url}]))


def test_tool_is_called_when_the_user_wishes() -> None:
    called = asked(user(ASKED_TOOL), **tools())

    assert [(call.name, call.arguments) for call in called.calls] == [
        ("weather", '{"city":"Oslo"}')
    ]
    assert called.words == ()


def test_tools_are_called_at_once() -> None:
    called = asked(user(f"{ASKED_TOOL}\n{ASKED_TOOL}"), **tools())

    assert len(called.calls) == 2


def test_tool_that_is_not_offered_is_missed() -> None:
    assert words(user(ASKED_TOOL)) == "There is no tool weather."


@pytest.mark.parametrize(
    "choice", ["required", {"type": "function", "function": {"name": "weather"}}]
)
def test_forced_tool_is_called_with_what_it_requires(choice: Any) -> None:
    called = asked(user("hi"), **tools(tool_choice=choice))

    assert called.calls[0].arguments == '{"city":"You said: hi","days":0}'


def test_results_of_tools_are_told() -> None:
    calls = [
        {"id": each, "type": "function", "function": {"name": "weather", "arguments": "{}"}}
        for each in ("c1", "c2")
    ]
    conversation = (
        user(ASKED_TOOL),
        {"role": "assistant", "content": None, "tool_calls": calls},
        {"role": "tool", "tool_call_id": "c1", "content": "rain"},
        {"role": "tool", "tool_call_id": "c2", "content": "sun"},
    )

    assert words(*conversation, **tools()) == "weather returned: rain\nweather returned: sun"


def test_anthropic_results_of_tools_are_told() -> None:
    use = {"type": "tool_use", "id": "t1", "name": "weather", "input": {}}
    result = {"type": "tool_result", "tool_use_id": "t1", "content": [{"text": "rain"}]}
    messages = [user(ASKED_TOOL), {"role": "assistant", "content": [use]}, user([result])]

    told = answer(read_anthropic({"model": "m", "max_tokens": 9, "messages": messages}))

    assert "".join(told.words) == "weather returned: rain"


def test_reminder_of_an_anthropic_client_is_not_answered() -> None:
    texts = ("<system-reminder>\nToday is Friday.\n</system-reminder>\n\n", "hello")
    content = [{"type": "text", "text": text} for text in texts]
    asked = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": content}]}

    told = answer(read_anthropic(asked))

    assert "".join(told.words) == "You said: hello"


def test_thoughts_come_before_the_words() -> None:
    thought = asked(user("hi\n#think let me see"))

    assert "".join(thought.thoughts) == "let me see"
    assert "".join(thought.words) == "You said: hi"


@pytest.mark.parametrize(("more", "length"), [({}, 7), ({"max_tokens": 4}, 4)])
def test_length_is_wished_and_limited(more: dict[str, Any], length: int) -> None:
    spoken = asked(user("hi\n#length 7"), **more)

    assert len(spoken.words) == length
    assert spoken.is_cut == (length == 4)


def test_pace_is_wished() -> None:
    wishes = read_wishes("hi\n#pace 0.5 20")

    assert (wishes.first_token_delay, wishes.tokens_per_second) == (0.5, 20.0)


@pytest.mark.parametrize(
    "line",
    [
        "#tool weather {not json",
        "#tool weather [1]",
        '#tool weather {"deep":' + "[" * 300 + "]" * 300 + "}",
        "#pace fast",
        "#pace -1 5",
        "#pace 1 0",
        "#pace nan nan",
        "#length 0",
        "#length 1000000",
        "#dance now",
    ],
)
def test_what_is_no_wish_is_said(line: str) -> None:
    assert read_wishes(line).said == line


@pytest.mark.parametrize(
    "messages",
    [
        None,
        [],
        "hello",
        [1],
        [{"content": "x"}],
        [user(5)],
        [user([{"type": "image_url", "image_url": {"url": "data:;base64,!"}}])],
    ],
)
def test_what_is_no_conversation_is_refused(messages: Any) -> None:
    with pytest.raises(ConversationError):
        read_openai({"model": "m", "messages": messages})


@pytest.mark.parametrize("text", ["", "one", " two  words ", "你好 世界\n\n", "\n \t"])
def test_tokens_joined_are_the_text(text: str) -> None:
    assert "".join(tokens(text)) == text
