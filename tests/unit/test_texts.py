from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.feishu.texts import LARGEST, outgoing, split


@given(st.text(), st.integers(min_value=8, max_value=100))
def test_pieces_joined_are_the_text_again(text: str, largest: int) -> None:
    assert "".join(split(text, largest)) == text


@given(st.text(), st.integers(min_value=8, max_value=100))
def test_no_piece_is_larger_than_allowed(text: str, largest: int) -> None:
    assert all(len(orjson.dumps(piece)) <= largest for piece in split(text, largest))


@given(st.text(min_size=1))
def test_character_that_is_too_large_is_not_cut(text: str) -> None:
    assert split(text, 1) == list(text)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("one two\n\nthree. four\nfive six", "one two\n\n"),
        ("one two. three\nfour five six", "one two. three\n"),
        ("一二三。四五六七八九", "一二三。"),
        ("One two three. Four five six", "One two three. "),
        ("one two three four five six", "one two three four "),
        ("onetwothreefourfivesix", "onetwothreefourfive"),
    ],
)
def test_text_is_cut_where_it_hurts_least(text: str, first: str) -> None:
    assert split(text, 21)[0] == first


def test_short_first_paragraph_is_no_reason_for_a_short_piece() -> None:
    assert split("1\n\n23 45 678 90", 14)[0] == "1\n\n23 45 "


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_whatever_a_model_says_can_be_written(text: str) -> None:
    orjson.dumps(outgoing(text))


def test_pair_that_came_in_halves_is_whole_again() -> None:
    assert outgoing("a \ud83c\udf38") == ["a 🌸"]


def test_blank_end_is_no_piece_of_its_own() -> None:
    assert outgoing("a" * LARGEST + "\n" * LARGEST) == split("a" * LARGEST)


def test_nothing_is_a_piece() -> None:
    assert outgoing(" \n") == [""]
