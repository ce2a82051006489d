from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.ids import ChatId, MessageId
from simulator.rendering.cards import card_html
from simulator.rendering.markdown import markdown_html, text_html
from simulator.rendering.messages import message_html
from simulator.rendering.post import post_html
from simulator.world.messages import Mention, Message, Revision, Sender, SenderKind


def test_markdown_becomes_html() -> None:
    html = markdown_html("**a**\n- `b`\n\n| c |\n|---|\n| d |")

    assert "<strong>a</strong>" in html
    assert "<li><code>b</code></li>" in html
    assert "<td>d</td>" in html


def test_line_break_is_a_line_break() -> None:
    assert markdown_html("a\nb") == "<p>a<br>\nb</p>\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<at id=ou_1></at>", '<span class="at" data-id="ou_1"></span>'),
        ("<at id='all'></at>", '<span class="at" data-id="all"></span>'),
        ("<font color='red'>x</font>", '<span class="ink-red">x</span>'),
        ("<font color='javascript'>x</font>", "<span>x</span>"),
        ("<text_tag color='blue'>x</text_tag>", '<span class="pill ink-blue">x</span>'),
        (":DONE: and :NOSUCH:", "✅ and :NOSUCH:"),
    ],
)
def test_tags_of_the_platform_mean_something(source: str, expected: str) -> None:
    assert expected in markdown_html(source).replace(' class=""', "").replace('class=" ', 'class="')


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<div onclick=alert(1)>",
        "<iframe srcdoc='x'>",
        "<style>*{}</style>",
        "<svg onload=alert(1)>",
    ],
)
def test_html_that_is_not_of_the_platform_stays_text(source: str) -> None:
    for html in (markdown_html(source), text_html(source)):
        assert "&lt;" in html
        assert not any(tag in html for tag in ("<script", "<img", "<div", "<iframe", "<style"))


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//evil", "/_sim"])
def test_link_leads_nowhere_but_to_the_web(address: str) -> None:
    for html in (markdown_html(f"[x]({address})"), markdown_html(f"<a href='{address}'>x</a>")):
        assert "javascript:" not in html.partition("href")[2]
        assert "data:" not in html.partition("href")[2]


def test_picture_from_elsewhere_is_a_link_and_ones_own_is_a_picture() -> None:
    assert "<img" not in markdown_html("![x](https://example.com/x.png)")
    assert 'src="/_sim/files/img_v3_a"' in markdown_html("![x](img_v3_a)")


@given(st.text())
def test_any_text_renders_without_a_foreign_tag(source: str) -> None:
    html = markdown_html(source).lower()

    assert not any(f"<{tag}" in html for tag in ("script", "iframe", "style", "svg", "object"))


def test_card_has_the_html_of_each_of_its_markdown_texts() -> None:
    card: dict[str, Any] = {
        "header": {"title": {"tag": "plain_text", "content": "**no**"}},
        "elements": [
            {"tag": "markdown", "content": "**a**"},
            {"tag": "div", "text": {"tag": "lark_md", "content": "*b*"}},
            {
                "tag": "table",
                "columns": [{"name": "c", "data_type": "lark_md"}, {"name": "d"}],
                "rows": [{"c": "`c`", "d": "**d**"}],
            },
        ],
    }

    assert set(card_html(card)) == {"**a**", "*b*", "`c`"}


def test_card_nested_deeper_than_python_recurses_is_read() -> None:
    card: dict[str, Any] = {"tag": "markdown", "content": "deep"}
    for _ in range(5_000):
        card = {"elements": [card]}

    assert set(card_html(card)) == {"deep"}


def test_post_shows_its_title_styles_and_mentions() -> None:
    at = {"tag": "at", "user_id": "ou_1", "user_name": "Tom"}
    text = {"tag": "text", "text": "b", "style": ["bold", "nosuch"]}

    html = post_html({"zh_cn": {"title": "<T>", "content": [[text, at]]}})

    assert html.startswith("<h4>&lt;T&gt;</h4><p><strong>b</strong>")
    assert '<span class="at" data-id="ou_1">@Tom</span>' in html


@pytest.mark.parametrize("content", [{}, {"zh_cn": 1}, {"content": [1, [1, {}], None]}])
def test_post_of_another_shape_shows_what_it_can(content: dict[str, Any]) -> None:
    assert "<script" not in post_html(content)


def test_words_of_a_person_are_no_markdown() -> None:
    html = message_html(_message("**a** <b>b</b> https://example.com/?a=1&b=2", SenderKind.USER))

    assert html is not None
    assert html.startswith("**a** &lt;b&gt;b&lt;/b&gt; <a ")
    assert 'href="https://example.com/?a=1&amp;b=2"' in html


def test_mention_shows_its_name() -> None:
    bob = Mention("@_user_1", "<bob>", "ou_1", "on_1", "1", "user")

    html = message_html(_message("hi @_user_1", SenderKind.USER, bob))

    assert html == 'hi <span class="at" data-id="ou_1">@&lt;bob&gt;</span>'


def test_half_a_surrogate_pair_can_be_sent_to_a_browser() -> None:
    html = message_html(_message("a\ud800", SenderKind.USER))

    assert html is not None
    assert html.encode()


def _message(text: str, kind: SenderKind, *mentions: Mention) -> Message:
    return Message(
        message_id=MessageId("om_1"),
        chat_id=ChatId("oc_1"),
        sender=Sender(kind, "ou_0", "alice"),
        msg_type="text",
        revisions=[Revision(json.dumps({"text": text}))],
        mentions=mentions,
    )
