"""The official client of OpenAI against the simulator's model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openai
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openai.types.chat import ChatCompletionMessageParam, ChatCompletionToolParam

    from tests.conformance.conftest import Simulator

HISTORY: list[ChatCompletionMessageParam] = [
    {"role": "system", "content": "be brief"},
    {"role": "user", "content": "one"},
    {"role": "assistant", "content": "You said: one"},
    {"role": "user", "content": [{"type": "text", "text": "two"}]},
]
WEATHER: ChatCompletionToolParam = {
    "type": "function",
    "function": {"name": "weather", "parameters": {"type": "object", "properties": {}}},
}
PIXEL = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUB"
    "AScY42YAAAAASUVORK5CYII="
)
ANSWER = "You said: two (message 2 of this conversation)"


@pytest.fixture
def client(simulator: Simulator) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{simulator.url}/v1", api_key="any", max_retries=0) as client:
        yield client


def test_stream_brings_the_answer_and_its_usage(client: openai.OpenAI) -> None:
    with client.chat.completions.create(
        model="any-name",
        messages=HISTORY,
        stream=True,
        stream_options={"include_usage": True},
    ) as stream:
        chunks = list(stream)

    choices = [chunk.choices[0] for chunk in chunks if chunk.choices]
    assert choices[0].delta.role == "assistant"
    assert "".join(choice.delta.content or "" for choice in choices) == ANSWER
    assert [choice.finish_reason for choice in choices if choice.finish_reason] == ["stop"]
    assert len(choices) > 5
    usage = chunks[-1].usage
    assert usage is not None
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens > 0


def test_stream_without_usage_has_none(client: openai.OpenAI) -> None:
    with client.chat.completions.create(model="x", messages=HISTORY, stream=True) as stream:
        chunks = list(stream)

    assert all(chunk.choices and chunk.usage is None for chunk in chunks)


def test_answer_in_one_piece_is_the_same(client: openai.OpenAI) -> None:
    completion = client.chat.completions.create(model="x", messages=HISTORY)

    assert completion.choices[0].message.content == ANSWER
    assert completion.usage is not None


def test_models_are_listed(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["simulated"]


def test_malformed_conversation_is_a_bad_request(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError):
        client.chat.completions.create(model="x", messages=[])


def test_tool_is_called_and_its_result_told(client: openai.OpenAI) -> None:
    messages: list[ChatCompletionMessageParam] = [
        {"role": "user", "content": '#tool weather {"city":"Oslo"}'}
    ]

    called = client.chat.completions.create(model="x", messages=messages, tools=[WEATHER])
    calls = called.choices[0].message.tool_calls or []
    messages += [
        called.choices[0].message.to_dict(),  # type: ignore[list-item]
        {"role": "tool", "tool_call_id": calls[0].id, "content": "rain"},
    ]
    told = client.chat.completions.create(model="x", messages=messages, tools=[WEATHER])

    assert called.choices[0].finish_reason == "tool_calls"
    assert calls[0].type == "function"
    assert calls[0].function.arguments == '{"city":"Oslo"}'
    assert told.choices[0].message.content == "weather returned: rain"


def test_stream_puts_tool_calls_together(client: openai.OpenAI) -> None:
    asked = '#think let me see\n#tool weather {"city":"Oslo"}\n#tool weather {"city":"Bergen"}'

    with client.chat.completions.stream(
        model="x", messages=[{"role": "user", "content": asked}], tools=[WEATHER]
    ) as stream:
        message = stream.get_final_completion().choices[0].message

    arguments = [call.function.arguments for call in message.tool_calls or []]
    assert arguments == ['{"city":"Oslo"}', '{"city":"Bergen"}']
    assert message.to_dict()["reasoning_content"] == "let me see"


def test_image_is_seen(client: openai.OpenAI) -> None:
    messages: list[ChatCompletionMessageParam] = [
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "what is this?"},
                {"type": "image_url", "image_url": {"url": PIXEL}},
            ],
        }
    ]

    seen = client.chat.completions.create(model="x", messages=messages)

    assert seen.choices[0].message.content == (
        "You said: what is this? [image: image/png 1x1, 68 bytes]"
    )


def test_limit_of_tokens_is_kept(client: openai.OpenAI) -> None:
    cut = client.chat.completions.create(model="x", messages=HISTORY, max_completion_tokens=2)

    assert cut.choices[0].finish_reason == "length"
    assert cut.choices[0].message.content == "You said:"


@pytest.mark.parametrize(
    ("status", "error"), [(429, openai.RateLimitError), (500, openai.InternalServerError)]
)
def test_bad_day_is_the_clients_own_error(
    client: openai.OpenAI, simulator: Simulator, status: int, error: type[openai.APIStatusError]
) -> None:
    fault = {"kind": "model_error", "status": status, "retry_after": 3}
    simulator.post("/_sim/faults", fault)

    with pytest.raises(error) as failed:
        client.chat.completions.create(model="x", messages=HISTORY)

    assert failed.value.response.headers["retry-after"] == "3"


def test_cut_stream_is_the_clients_own_error(client: openai.OpenAI, simulator: Simulator) -> None:
    simulator.post("/_sim/faults", {"kind": "model_cut", "after": 2})
    stream = client.chat.completions.create(model="x", messages=HISTORY, stream=True)

    with stream, pytest.raises(openai.APIConnectionError):
        list(stream)
