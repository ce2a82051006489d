from __future__ import annotations

import io
import json

import pytest

from cli.terminal import age, fields, moment, printable, say, say_json, table, utc


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, None),
        (0.0, "0ms"),
        (0.85, "850ms"),
        (1, "1s"),
        (59.99, "59s"),
        (192, "3m 12s"),
        (3600, "1h 00m"),
        (18_443, "5h 07m"),
        (183_600, "2d 03h"),
    ],
)
def test_age_is_told_in_two_units_at_most(seconds: float | None, words: str | None) -> None:
    assert age(seconds) == words


@pytest.mark.parametrize(
    ("text", "harmless"),
    [
        ("oc_1", "oc_1"),
        ("你好 😀", "你好 😀"),
        ("\x1b[31m", r"\x1b[31m"),
        ("a\nb\tc\x7f\x9b", r"a\nb\tc\x7f\x9b"),
        ("\u202egnp.exe\u200b", r"\u202egnp.exe\u200b"),
        ("\udcff", r"\udcff"),
    ],
)
def test_what_a_terminal_obeys_or_hides_is_escaped(text: str, harmless: str) -> None:
    assert printable(text) == harmless


def test_columns_are_aligned_numbers_to_the_right() -> None:
    shown = table(("NAME", "MAIL", "AGE"), [("oc_1", 7, "1s"), ("oc_long", None, None)])

    assert shown.splitlines() == [
        "NAME     MAIL  AGE",
        "oc_1        7  1s",
        "oc_long     -  -",
    ]


def test_cells_and_fields_cannot_begin_a_line_of_their_own() -> None:
    assert table(("A",), [("x\ny",)]).splitlines() == ["A", r"x\ny"]
    assert fields({"a": "x\ny", "bc": None}).splitlines() == [r"a   x\ny", "bc  -"]


def test_times_have_a_zone() -> None:
    assert utc(1.5) == "1970-01-01T00:00:01.500+00:00"
    assert moment(1.5) is not None
    assert (utc(None), moment(None)) == (None, None)


def test_time_that_is_none_is_shown_as_the_nearest() -> None:
    assert [utc(at) for at in (-1.0, 1e300)] == [
        "1970-01-01T00:00:00.000+00:00",
        "9999-12-31T23:59:59.000+00:00",
    ]


def test_terminal_without_the_letters_is_shown_their_codes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(raw, "ascii", write_through=True))

    say("你好")

    assert raw.getvalue() == rb"\u4f60\u597d" + b"\n"


def test_document_is_json_and_ascii(capsys: pytest.CaptureFixture[str]) -> None:
    document = {"content": "你好 \x1b]0;\x9b\u202e"}

    say_json(document)

    said = capsys.readouterr().out
    assert json.loads(said) == document
    assert said.isascii()
    assert "\x1b" not in said
