"""The official client of Anthropic against the simulator's model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anthropic
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from anthropic.types import MessageParam, ToolParam

    from tests.conformance.conftest import Simulator

WEATHER: ToolParam = {
    "name": "weather",
    "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}},
}
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
)
CALL = '#think let me see\n#tool weather {"city":"Oslo"}'


def user(content: Any) -> MessageParam:
    return {"role": "user", "content": content}


@pytest.fixture
def client(simulator: Simulator) -> Iterator[anthropic.Anthropic]:
    with anthropic.Anthropic(base_url=simulator.url, api_key="any", max_retries=0) as client:
        yield client


def test_answer_in_one_piece(client: anthropic.Anthropic) -> None:
    history = [user("one"), {"role": "assistant", "content": "You said: one"}, user("two")]

    message = client.messages.create(
        model="any-name",
        max_tokens=50,
        system="be brief",
        messages=history,  # type: ignore[arg-type]
    )

    assert message.content[0].type == "text"
    assert message.content[0].text == "You said: two (message 2 of this conversation)"
    assert (message.stop_reason, message.usage.input_tokens) == ("end_turn", 7)


def test_stream_brings_the_answer(client: anthropic.Anthropic) -> None:
    with client.messages.stream(model="x", max_tokens=50, messages=[user("hello")]) as stream:
        events = [event.type for event in stream]
        message = stream.get_final_message()

    assert events[0] == "message_start"
    assert events[-1] == "message_stop"
    assert events.count("text") == 3
    assert message.content[0].type == "text"
    assert message.content[0].text == "You said: hello"
    assert message.usage.output_tokens == 3


def test_stream_brings_thoughts_and_calls(client: anthropic.Anthropic) -> None:
    with client.messages.stream(
        model="x", max_tokens=50, messages=[user(CALL)], tools=[WEATHER]
    ) as stream:
        thinking, use = stream.get_final_message().content

    assert thinking.type == "thinking"
    assert thinking.thinking == "let me see"
    assert use.type == "tool_use"
    assert (use.name, use.input) == ("weather", {"city": "Oslo"})


def test_tool_is_called_and_its_result_told(client: anthropic.Anthropic) -> None:
    called = client.messages.create(
        model="x", max_tokens=50, messages=[user(CALL)], tools=[WEATHER]
    )
    use = called.content[-1]
    assert use.type == "tool_use"
    result = {"type": "tool_result", "tool_use_id": use.id, "content": "rain"}
    messages = [user(CALL), {"role": "assistant", "content": called.content}, user([result])]

    told = client.messages.create(
        model="x",
        max_tokens=50,
        messages=messages,  # type: ignore[arg-type]
        tools=[WEATHER],
    )

    assert called.stop_reason == "tool_use"
    assert told.content[0].type == "text"
    assert told.content[0].text == "weather returned: rain"


def test_image_is_seen(client: anthropic.Anthropic) -> None:
    source = {"type": "base64", "media_type": "image/png", "data": PIXEL}
    parts = [{"type": "text", "text": "what is this?"}, {"type": "image", "source": source}]

    seen = client.messages.create(model="x", max_tokens=50, messages=[user(parts)])

    assert seen.content[0].type == "text"
    assert seen.content[0].text == "You said: what is this? [image: image/png 1x1, 68 bytes]"


def test_limit_of_tokens_is_kept(client: anthropic.Anthropic) -> None:
    cut = client.messages.create(model="x", max_tokens=2, messages=[user("hello")])

    assert (cut.stop_reason, cut.usage.output_tokens) == ("max_tokens", 2)


def test_tokens_are_counted(client: anthropic.Anthropic) -> None:
    counted = client.messages.count_tokens(model="x", messages=[user("one two three")])

    assert counted.input_tokens == 3


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (429, anthropic.RateLimitError),
        (500, anthropic.InternalServerError),
        (529, anthropic.InternalServerError),
    ],
)
def test_bad_day_is_the_clients_own_error(
    client: anthropic.Anthropic,
    simulator: Simulator,
    status: int,
    error: type[anthropic.APIStatusError],
) -> None:
    simulator.post("/_sim/faults", {"kind": "model_error", "status": status, "retry_after": 3})

    with pytest.raises(error) as failed:
        client.messages.create(model="x", max_tokens=2, messages=[user("hello")])

    assert failed.value.response.headers["retry-after"] == "3"


def test_malformed_conversation_is_a_bad_request(client: anthropic.Anthropic) -> None:
    with pytest.raises(anthropic.BadRequestError):
        client.messages.create(model="x", max_tokens=2, messages=[])
