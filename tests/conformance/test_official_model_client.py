"""The official client of OpenAI against the simulator's model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openai
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openai.types.chat import ChatCompletionMessageParam

    from tests.conformance.conftest import Simulator

HISTORY: list[ChatCompletionMessageParam] = [
    {"role": "system", "content": "be brief"},
    {"role": "user", "content": "one"},
    {"role": "assistant", "content": "You said: one"},
    {"role": "user", "content": [{"type": "text", "text": "two"}]},
]
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
