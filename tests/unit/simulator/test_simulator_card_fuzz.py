"""Whatever is sent as a card or as a change of one is taken or refused, and nothing else."""

from __future__ import annotations

import contextlib
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from simulator.cardkit.actions import act
from simulator.model.answers import answer
from simulator.model.anthropic_request import read_anthropic
from simulator.model.conversation import ConversationError
from simulator.model.openai_request import read_openai
from simulator.openapi.errors import ApiError
from simulator.world.card_json import copied
from simulator.world.card_rules import check_entity, check_inline, read_entity, referenced
from simulator.world.card_tables import markdown_tables

KEYS = st.sampled_from(
    (
        *("schema", "config", "body", "elements", "tag", "element_id", "content", "text"),
        *("streaming_mode", "update_multi", "type", "data", "card_id", "header", "role"),
        *("messages", "tools", "function", "name", "image_url", "url", "source", "id"),
        *("tool_calls", "tool_call_id", "tool_use_id", "tool_choice", "max_tokens", "model"),
    )
)
WORDS = st.sampled_from(("2.0", "markdown", "button", "md", "", "card", "tool_use", "user", "tool"))
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.text(max_size=5)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=30,
)
OBJECTS = st.dictionaries(KEYS, JSON, max_size=6)
ACTIONS = st.sampled_from(
    (
        "partial_update_setting",
        "add_elements",
        "delete_elements",
        "partial_update_element",
        "update_element",
    )
)
PARAMS = st.fixed_dictionaries(
    {},
    optional={
        "settings": JSON,
        "type": st.sampled_from(("insert_before", "insert_after", "append")) | JSON,
        "target_element_id": st.sampled_from(("md", "panel", "inner", "title")) | JSON,
        "elements": JSON,
        "element_ids": st.lists(st.sampled_from(("md", "panel", "inner", "title"))) | JSON,
        "element_id": st.sampled_from(("md", "panel", "inner", "title")) | JSON,
        "partial_element": JSON,
        "element": JSON,
    },
)
CARD: dict[str, Any] = {
    "schema": "2.0",
    "header": {"title": {"tag": "plain_text", "element_id": "title", "content": "t"}},
    "body": {
        "elements": [
            {"tag": "markdown", "element_id": "md", "content": ""},
            {
                "tag": "column",
                "element_id": "panel",
                "elements": [{"tag": "markdown", "element_id": "inner", "content": ""}],
            },
        ]
    },
}


@given(OBJECTS)
def test_any_object_is_a_card_or_is_refused(card: dict[str, Any]) -> None:
    with contextlib.suppress(ApiError):
        if referenced(card) is None:
            check_inline(card)
            copied(card)


@given(st.text(max_size=50) | JSON.map(json.dumps))
def test_any_text_is_an_entity_or_is_refused(text: str) -> None:
    with contextlib.suppress(ApiError):
        read_entity(text)


@given(st.lists(st.fixed_dictionaries({"action": ACTIONS, "params": PARAMS}), max_size=4))
def test_any_actions_leave_a_card_or_are_refused(actions: list[dict[str, Any]]) -> None:
    card = copied(CARD)

    with contextlib.suppress(ApiError):
        act(card, actions)
        check_entity(card)


@given(OBJECTS)
def test_any_question_is_answered_or_refused(asked: dict[str, Any]) -> None:
    for read in (read_openai, read_anthropic):
        with contextlib.suppress(ConversationError):
            answer(read(asked))


@given(st.text(alphabet="|-: \n`a", max_size=80))
def test_tables_of_any_text_are_counted(text: str) -> None:
    assert 0 <= markdown_tables(text) <= len(text)
