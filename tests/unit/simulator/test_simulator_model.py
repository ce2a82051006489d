from __future__ import annotations

from typing import Any

import pytest

from simulator.model.answers import ConversationError, answer, read_conversation, tokens


def user(content: Any) -> dict[str, Any]:
    return {"role": "user", "content": content}


def test_first_message_is_repeated() -> None:
    assert answer(read_conversation([user("hello")])) == "You said: hello"


def test_answer_shows_that_history_reached_the_model() -> None:
    conversation = read_conversation(
        [
            {"role": "system", "content": "be kind"},
            user("one"),
            {"role": "assistant", "content": "You said: one"},
            user("two"),
        ]
    )

    assert answer(conversation) == "You said: two (message 2 of this conversation)"


def test_content_may_be_a_list_of_parts() -> None:
    parts = [{"type": "text", "text": "a "}, {"type": "image_url"}, {"type": "text", "text": "b"}]

    assert answer(read_conversation([user(parts)])) == "You said: a b"


def test_conversation_without_a_user_is_answered() -> None:
    assert answer(read_conversation([{"role": "system", "content": "hm"}])) == "You said nothing."


@pytest.mark.parametrize("messages", [None, [], "hello", [1], [{"content": "x"}], [user(5)]])
def test_what_is_no_conversation_is_refused(messages: Any) -> None:
    with pytest.raises(ConversationError):
        read_conversation(messages)


@pytest.mark.parametrize("text", ["", "one", " two  words ", "你好 世界\n\n", "\n \t"])
def test_tokens_joined_are_the_text(text: str) -> None:
    assert "".join(tokens(text)) == text
