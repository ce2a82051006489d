"""Nothing is lost when a document is cut."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shared.feishu.markdown.blocks import blocks, closes, fence_of
from shared.feishu.markdown.pieces import pieces
from shared.feishu.markdown.shown import card_markdown, posts
from shared.feishu.texts import size
from tests.unit.markdown.corpus import TABLE

LINES = st.sampled_from(
    [
        *("word\n", "two words\n", "\n", "\n", "# heading\n", "- item\n", "> quote\n", "中文。\n"),
        *(
            "```\n",
            "```py\n",
            "~~~\n",
            "````\n",
            "  ```\n",
            "> ```\n",
            "| a | b |\n",
            "|---|---|\n",
        ),
        *("| 1 | `|` |\n", "`code`\n", "$a_1$\n", "<at id=ou_1></at>\n", "<b>\n", "no end"),
    ]
)
DOCUMENTS = st.lists(LINES, max_size=60).map("".join) | st.text()


@given(DOCUMENTS)
def test_blocks_joined_are_the_document(document: str) -> None:
    assert "".join(block.text for block in blocks(document)) == document


@given(DOCUMENTS, st.integers(40, 400))
def test_sources_joined_are_the_document(document: str, largest: int) -> None:
    assert "".join(piece.source for piece in pieces(document, largest=largest)) == document


@given(DOCUMENTS, st.integers(200, 400))
def test_source_is_shown_whole_unless_a_table_became_code(document: str, largest: int) -> None:
    for piece in pieces(document, largest=largest, tables=10**6):
        assert piece.source in piece.text or "|" in piece.source


@given(DOCUMENTS, st.integers(200, 400))
def test_no_piece_is_much_larger_than_asked(document: str, largest: int) -> None:
    for piece in pieces(document, largest=largest, tables=10**6):
        assert size(piece.text) <= 2 * largest


@given(st.lists(st.sampled_from(["x = 1\n", "\n", "~~~\n", "# no\n"]), min_size=60, max_size=200))
def test_code_that_is_cut_is_code_in_every_piece(body: list[str]) -> None:
    cut = pieces("```python\n" + "".join(body) + "```\n", largest=200)

    assert len(cut) > 1
    for piece in cut:
        first, *_, last = piece.text.splitlines()
        assert fence_of(first) == ("", "```")
        assert first == "```python"
        assert closes(last, "```")


def test_table_that_is_cut_repeats_its_header() -> None:
    cut = pieces(TABLE + "| 3 | 4 |\n" * 50, largest=200)

    assert len(cut) > 1
    assert all(piece.text.startswith("| a | b |\n|---|---|\n") for piece in cut)


def test_document_is_cut_where_a_block_ends() -> None:
    first, second = pieces("one\n\n" * 30 + "two\n\n" * 30, largest=300)

    assert first.text.endswith("\n\n")
    assert second.text[0] in "ot"


@given(DOCUMENTS)
def test_every_prefix_of_a_document_can_be_shown(document: str) -> None:
    for end in range(0, len(document), 7):
        assert pieces(card_markdown(document[:end]))
        assert posts(document[:end])


@given(st.lists(st.sampled_from(["<b>", "`<b>`", "*a*", "$a_1$", "x", " "])).map("".join))
def test_code_is_shown_as_it_is(text: str) -> None:
    fenced = f"```\n{text}\n```"

    assert card_markdown(fenced) == fenced


def test_picture_that_was_uploaded_is_shown_by_its_key() -> None:
    url = "https://example.com/a.png"

    assert card_markdown(f"![alt]({url})", {url: "img_v3_1"}) == "![alt](img_v3_1)"
