"""A hundred awkward documents, as cards and posts show them.

The goldens are renewed by `UPDATE_GOLDENS=1 pytest tests/unit/markdown`; look at the difference.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import orjson
import pytest

from shared.feishu.markdown.pieces import pieces
from shared.feishu.markdown.shown import card_markdown, posts
from shared.feishu.texts import writable
from simulator.world.card_rules import check_entity
from tests.unit.markdown.corpus import DOCUMENTS

GOLDENS = Path(__file__).parent / "goldens"
LARGEST = 30 * 1024
READ_BY_PEOPLE = 8 * 1024


def test_corpus_has_a_hundred_documents() -> None:
    assert len(DOCUMENTS) >= 100


@pytest.mark.parametrize("name", DOCUMENTS)
def test_document_is_shown_as_it_was_when_a_person_looked(name: str) -> None:
    document = DOCUMENTS[name]
    shown = told(card_texts_of(document), [text_of(post) for post in posts(document)])
    golden = GOLDENS / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDENS"):
        golden.write_bytes(shown.encode())

    assert shown == golden.read_bytes().decode()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_platform_takes_every_card_and_post(name: str) -> None:
    document = DOCUMENTS[name]

    for text in card_texts_of(document):
        answer = {"tag": "markdown", "element_id": "answer", "content": text}
        check_entity({"schema": "2.0", "body": {"elements": [answer]}})
    for post in posts(document):
        assert len(orjson.dumps(post)) <= LARGEST


@pytest.mark.parametrize("name", DOCUMENTS)
def test_pieces_joined_are_the_document(name: str) -> None:
    document = writable(DOCUMENTS[name])

    assert "".join(piece.source for piece in pieces(document)) == document


def card_texts_of(document: str) -> list[str]:
    return [piece.text for piece in pieces(card_markdown(document))]


def told(cards: list[str], of_posts: list[str]) -> str:
    """Write it down to be read; what is large as what it would be recognised by."""
    parts = [f"=== card {n}\n{brief(text)}\n" for n, text in enumerate(cards, 1)]
    if of_posts != cards:
        parts += [f"=== post {n}\n{brief(text)}\n" for n, text in enumerate(of_posts, 1)]
    return "".join(parts)


def brief(text: str) -> str:
    if len(text) < READ_BY_PEOPLE:
        return text
    digest = hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
    return f"{text[:200]}\n... {len(text)} characters, {digest} ...\n{text[-200:]}"


def text_of(post: dict[str, object]) -> str:
    found: str = post["zh_cn"]["content"][0][0]["text"]  # type: ignore[index]
    return found
