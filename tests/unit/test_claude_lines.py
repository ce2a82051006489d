from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import LarkspurError, ModelRefused, ModelUnavailable
from shared.model.ids import MessageId
from shared.model.prompt import Prompt
from shared.model.usage import Usage
from workers.responders.command.claude import Claude
from workers.responders.command.claude_lines import ClaudeLines
from workers.responders.command.claude_result import SessionGone
from workers.responders.command.run import Ending
from workers.responders.exchange import in_words, written
from workers.responders.responder import Query

Json = dict[str, Any]
DONE = Ending(code=0)
FAILED = Ending(code=1)
RESULT: Json = {
    "type": "result",
    "subtype": "success",
    "is_error": False,
    "result": "All is well",
    "session_id": "1c94fd6f-84a3-4851-9b26-ae0b5976a22b",
    "total_cost_usd": 0.25,
    "usage": {"input_tokens": 10, "cache_read_input_tokens": 5, "output_tokens": 7},
}


def line(said: object) -> bytes:
    return json.dumps(said).encode() + b"\n"


def start(message: str = "msg_1") -> Json:
    return event({"type": "message_start", "message": {"id": message, "model": "claude-x"}})


def delta(**delta: str) -> Json:
    return event({"type": "content_block_delta", "index": 0, "delta": delta})


def event(said: Json, **more: object) -> Json:
    return {"type": "stream_event", "event": said, "parent_tool_use_id": None, **more}


def whole(*blocks: Json, message: str = "msg_1", **more: object) -> Json:
    return {"type": "assistant", "message": {"id": message, "content": [*blocks]}, **more}


def text(said: str) -> Json:
    return {"type": "text", "text": said}


def tool(name: str, **given: object) -> Json:
    return {"type": "tool_use", "id": "toolu_1", "name": name, "input": given}


def heard(*said: Json) -> ClaudeLines:
    lines = ClaudeLines()
    for each in said:
        lines.feed(line(each))
    return lines


def test_text_streams_and_comes_whole_only_once() -> None:
    lines = heard(start(), delta(text="All is"), delta(text=" well"))
    streamed = lines.progress.text

    lines.feed(line(whole(text("All is well"))))

    assert streamed == lines.progress.text == "All is well"


def test_what_is_said_before_a_tool_is_a_thought() -> None:
    lines = heard(
        *(start(), delta(thinking="Hm."), whole({"type": "thinking", "thinking": "Hm."})),
        *(delta(text="I look."), whole(text("I look.")), whole(tool("Read", file_path="/a b"))),
        *({"type": "user"}, start("msg_2"), delta(text="Found")),
    )

    assert (lines.progress.text, lines.progress.thoughts) == ("Found", "Hm.\nI look.")
    assert lines.progress.steps == ("Read: /a b",)


def test_stream_that_breaks_off_is_said_anew() -> None:
    lines = heard(start(), delta(text="All"), whole(text("All is well"), message="msg_2"))

    assert (lines.progress.text, lines.progress.thoughts) == ("All is well", "")


def test_program_that_does_not_stream_is_heard_too() -> None:
    lines = heard(
        whole(text("Look: "), tool("Bash", command="ls\n-l")), whole(text("a"), message="2")
    )

    assert lines.progress.text == "a"
    assert lines.progress.thoughts == "Look:"
    assert lines.progress.steps == ("Bash: ls -l",)


def test_helper_is_seen_by_its_tools_alone() -> None:
    lines = heard(
        *(start(), delta(text="Wait")),
        event({"type": "message_start", "message": {"id": "h"}}, parent_tool_use_id="toolu_1"),
        whole(text("help"), tool("Glob", pattern="*.py"), message="h", parent_tool_use_id="t"),
    )

    assert (lines.progress.text, lines.progress.steps) == ("Wait", ("Glob: *.py",))


@pytest.mark.parametrize(
    ("used", "step"),
    [
        (tool("TodoWrite", todos=[]), "TodoWrite"),
        (tool("Bash", command="x" * 100), f"Bash: {'x' * 79}…"),
        (tool("Odd", command=["a"], url="http://a"), "Odd: http://a"),
    ],
)
def test_step_is_one_short_line(used: Json, step: str) -> None:
    assert heard(whole(used)).progress.steps == (step,)


def test_result_is_the_answer_with_session_and_price() -> None:
    said = heard(start(), delta(text="All is w"), RESULT).end(DONE)

    assert (said.progress.text, said.session) == ("All is well", RESULT["session_id"])
    assert said.model == "claude-x"
    assert said.usage == (Usage("claude-x", 15, 7, 250_000),)


def test_every_model_is_paid_by_itself() -> None:
    used = {"inputTokens": 1, "cacheReadInputTokens": 2, "cacheCreationInputTokens": 3}
    by_model = {"a": {**used, "outputTokens": 4, "costUSD": 0.000001}, "b": {"inputTokens": 9}}

    said = heard({**RESULT, "modelUsage": by_model}).end(DONE)

    assert said.usage == (Usage("a", 6, 4, 1), Usage("b", 9))


@pytest.mark.parametrize(
    "raw",
    [b"\xff\x00", b"[]", b"{}", b"[" * 100_000, b'{"type": "new"}', b'{"type": "stream_event"}'],
)
def test_what_cannot_be_understood_is_skipped_and_counted(raw: bytes) -> None:
    lines = ClaudeLines()

    lines.feed(raw + b"\n\n" + line(RESULT)[:-1])  # nor need the last line end

    assert lines.end(DONE).progress.text == "All is well"
    assert lines.skipped == 1


def test_half_a_surrogate_pair_is_replaced() -> None:
    raw = line({**RESULT, "result": "a\ud83db"})

    lines = ClaudeLines()
    lines.feed(raw)

    assert lines.end(DONE).progress.text == "a�b"


@pytest.mark.parametrize(
    ("told", "error", "fault"),
    [
        ({"api_error_status": 429}, "", ModelUnavailable),
        ({"api_error_status": 529}, "", ModelUnavailable),
        ({"api_error_status": 500}, "", ModelUnavailable),
        ({"api_error_status": 401}, "authentication_failed", ModelRefused),
        ({"api_error_status": 400}, "invalid_request", ModelRefused),
        ({"result": "API Error: Unable to connect to API (x)"}, "", ModelUnavailable),
        ({}, "rate_limit", ModelUnavailable),
        ({}, "billing_error", ModelRefused),
        ({"subtype": "error_max_turns"}, "", ModelRefused),
        ({"is_error": False, "subtype": "error_max_budget_usd"}, "", ModelRefused),
        ({"errors": ["No conversation found with session ID: 1"]}, "", SessionGone),
    ],
)
def test_error_is_sorted_and_its_words_not_repeated(
    told: Json, error: str, fault: type[LarkspurError]
) -> None:
    result = {**RESULT, "is_error": True, "result": "secret", **told}
    lines = heard(whole(text("secret"), error=error), result)

    with pytest.raises(fault) as raised:
        lines.end(FAILED)

    assert type(raised.value) is fault
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    ("ending", "fault"),
    [
        (Ending(code=1, complaints="No conversation found with session ID: 1\n"), SessionGone),
        (Ending(code=1, complaints="Invalid API key"), ModelRefused),
        (Ending(code=75), ModelUnavailable),
        (Ending(code=0), ModelUnavailable),
        (Ending("lost"), ModelUnavailable),
    ],
)
def test_run_without_a_result_is_no_answer(ending: Ending, fault: type[LarkspurError]) -> None:
    with pytest.raises(fault):
        heard(start(), delta(text="half")).end(ending)


@given(st.lists(st.integers(min_value=0, max_value=900), max_size=8))
def test_lines_may_be_cut_anywhere(cuts: list[int]) -> None:
    raw = b"".join(map(line, (start(), delta(text="Größe"), whole(text("Größe")), RESULT)))
    lines, places = ClaudeLines(), [0, *sorted(cuts), len(raw)]

    for begin, end in pairwise(places):
        lines.feed(raw[begin:end])

    assert lines.end(DONE).progress.text == "All is well"
    assert lines.skipped == 0


@given(st.binary(max_size=200))
def test_nothing_that_is_printed_breaks_it(raw: bytes) -> None:
    lines = ClaudeLines()

    lines.feed(raw)

    with pytest.raises(LarkspurError):
        lines.end(DONE)


PAST = [written(MessageId("om_1"), in_words("1?", "1!"), session=str(RESULT["session_id"]))]


def test_session_is_resumed_with_the_question_alone() -> None:
    claude, query = (
        Claude(("claude", "--model", "x")),
        Query(Prompt("2?"), PAST, instructions="Be."),
    )
    session = claude.session(PAST)

    assert claude.run(query, session)[-4:] == ("--resume", session, "--append-system-prompt", "Be.")
    assert claude.prompt(query, "2?", session) == "2?"


def test_new_session_is_told_of_the_past_in_words() -> None:
    claude, query = Claude(("claude",)), Query(Prompt("2?"), PAST)

    told = claude.prompt(query, "2?", "")

    assert told.endswith("User: 1?\n\nYou: 1!\n\nNow: 2?")
    assert "--resume" not in claude.run(query, "")


@pytest.mark.parametrize("session", ["", "--help", "../x", "a name"])
def test_what_is_no_session_of_claude_is_not_resumed(session: str) -> None:
    assert Claude(("claude",)).session([written(MessageId("om_1"), [], session=session)]) == ""
