"""Fewer events that say the same: whatever a model sends, and however the network cuts it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.responders.agent.sse import TextJoiner


def chunk(text: str | None = None, *, index: int = 0, **more: Any) -> dict[str, Any]:
    """A chunk of a chat completion, as the API sends it."""
    delta = {} if text is None else {"content": text}
    choice = {"index": index, "delta": delta, "finish_reason": None}
    return {"id": "chatcmpl-1", "object": "chat.completion.chunk", "choices": [choice], **more}


def tool_call(arguments: str) -> dict[str, Any]:
    call = {"index": 0, "function": {"arguments": arguments}}
    made = chunk()
    made["choices"][0]["delta"] = {"tool_calls": [call]}
    return made


def reasoning(text: str) -> dict[str, Any]:
    made = chunk(text)
    made["choices"][0]["delta"]["reasoning_content"] = "hm"
    return made


def finish() -> dict[str, Any]:
    made = chunk()
    made["choices"][0]["finish_reason"] = "stop"
    return made


def usage() -> dict[str, Any]:
    return {**chunk(), "choices": [], "usage": {"total_tokens": 7}}


def event(body: object, end: str = "\n\n") -> bytes:
    return f"data: {json.dumps(body)}{end}".encode()


def bodies(raw: bytes) -> list[Any]:
    """Read a stream as a client does; `[DONE]` and comments as they are."""
    lines = raw.decode().replace("\r\n", "\n").replace("\r", "\n").split("\n")
    data = [line.removeprefix("data: ") for line in lines if line and not line.startswith(":")]
    return [line if line == "[DONE]" else json.loads(line) for line in data]


def said(read: list[Any]) -> list[Any]:
    """What a stream says: texts of one choice in a row as one, everything else as it is."""
    found: list[Any] = []
    for body in read:
        choice = body["choices"][0] if body != "[DONE]" and body["choices"] else {}
        text = choice.get("delta", {}).get("content")
        if text is not None and choice["delta"].keys() == {"content"}:
            if found and found[-1][0] == choice["index"]:
                found[-1] = (choice["index"], found[-1][1] + text)
            else:
                found.append((choice["index"], text))
        else:
            found.append(("other", json.dumps(body)))
    return found


texts = st.builds(chunk, st.text(min_size=1, max_size=9), index=st.integers(0, 1))
others = st.one_of(
    st.builds(tool_call, st.text(max_size=5)),
    st.builds(reasoning, st.text(max_size=5)),
    st.builds(finish),
    st.builds(usage),
    st.builds(lambda text: chunk(text, nobody_knows="this"), st.text(max_size=5)),
)
ends = st.sampled_from(["\n\n", "\r\n\r\n", "\r\r"])
streams = st.lists(
    st.one_of(
        st.builds(event, texts, ends), st.builds(event, others, ends), st.just(b": ping\n\n")
    ),
    max_size=20,
).map(b"".join)


@given(streams, st.data())
def test_joined_stream_says_the_same_however_it_was_cut(stream: bytes, data: st.DataObject) -> None:
    joiner, taken, start = TextJoiner(), b"", 0
    while start < len(stream):
        end = start + data.draw(st.integers(1, 200))
        joiner.feed(stream[start:end])
        if data.draw(st.booleans()):
            taken += joiner.take()
        start = end
    taken += joiner.take(ended=True)

    assert said(bodies(taken)) == said(bodies(stream))


def test_texts_in_a_row_become_one_event() -> None:
    joiner = TextJoiner()
    joiner.feed(event(chunk("Hel")))
    joiner.take()

    joiner.feed(event(chunk("lo")) + event(chunk(" ")) + event(chunk("world")))

    assert [one["choices"][0]["delta"]["content"] for one in bodies(joiner.take())] == ["lo world"]


def test_first_text_is_urgent_and_more_text_is_not() -> None:
    joiner = TextJoiner()
    joiner.feed(event(chunk("Hel")))
    assert joiner.urgent
    joiner.take()

    joiner.feed(event(chunk("lo")))

    assert joiner.waits
    assert not joiner.urgent


@pytest.mark.parametrize(
    "other",
    [
        *(event(one) for one in (tool_call("{"), reasoning("a"), finish(), usage())),
        event({"error": {"message": "overloaded"}}),
        b"data: [DONE]\n\n",
        b"data: {not json}\n\n",
        b'data: {"choices":[{"index":0,"delta":{"content":"\\ud83d"}}]}\n\n',
        b"event: thread.created\ndata: {}\n\n",
    ],
    ids=lambda raw: raw.decode()[:40],
)
def test_what_is_no_text_is_urgent_and_stays_as_it_came(other: bytes) -> None:
    joiner = TextJoiner()
    joiner.feed(event(chunk("first")))
    joiner.take()

    joiner.feed(event(chunk("a")) + other + event(chunk("b")))

    assert joiner.urgent
    assert joiner.take() == event(chunk("a")) + other + event(chunk("b"))


def test_half_an_event_waits_for_the_other_half() -> None:
    joiner, whole = TextJoiner(), event(chunk("喂"))
    for byte in whole[:-1]:
        joiner.feed(bytes([byte]))
    assert not joiner.waits

    joiner.feed(whole[-1:])

    assert joiner.take() == whole


def test_stream_that_breaks_off_is_given_up_to_where_it_broke() -> None:
    joiner = TextJoiner()
    joiner.feed(event(chunk("a")) + b'data: {"choi')

    assert joiner.take(ended=True) == event(chunk("a")) + b'data: {"choi'
