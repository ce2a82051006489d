"""What a file is, whatever it is called."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.feishu.sniffing import TEXT, UNKNOWN, decoded, kind_of


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(20), "image/png"),
        (b"\xff\xd8\xff\xe0" + bytes(20), "image/jpeg"),
        (b"GIF89a" + bytes(20), "image/gif"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
        (b"\0\0\0\x18ftypheic" + bytes(20), "image/heic"),
        (b"\0\0\0\x18ftypisom" + bytes(20), "video/mp4"),
        (b"\0\0\0\x18ftypqt  " + bytes(20), "video/quicktime"),
        (b"\0\0\0\x18ftypM4A " + bytes(20), "audio/mp4"),
        (b"OggS\0\x02" + bytes(20), "audio/ogg"),
        (b"ID3\x04" + bytes(20), "audio/mpeg"),
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\0\0\1\0\2\0\x10\x10\0\0" + bytes(20), "image/x-icon"),
        (b"\0\0\0\x18ftypavif" + bytes(20), "image/avif"),
        (b"II*\0" + bytes(20), "image/tiff"),
        (b"RIFF\x10\0\0\0WAVEfmt ", "audio/wav"),
        (b"RIFF\x10\0\0\0AVI LIST", "video/x-msvideo"),
        (b"OggS\0\2" + bytes(22) + b"OpusHead\1", "audio/opus"),
        (b"\xff\xfb\x90\0" + bytes(20), "audio/mpeg"),
        (b"\xff\xf1\x50\x80" + bytes(20), "audio/aac"),
        (b"#!AMR\n" + bytes(20), "audio/amr"),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\1B\x82\x84webm", "video/webm"),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\1B\x82\x88matroska", "video/x-matroska"),
        (b"\x1f\x8b\x08\0" + bytes(20), "application/gzip"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", TEXT),
        (b"<!DOCTYPE html><script>", TEXT),
        (b"\xff\xfe\0\0\1\2\3\4", UNKNOWN),
        (b"\xff\xfeh\0i\0\0\0", UNKNOWN),
        (b"\xef\xbb\xbf", UNKNOWN),
        (b"just words\n", TEXT),
        ("中文".encode(), TEXT),
        ("中文，够长的一段话".encode("gb18030"), TEXT),
        ("中文".encode("utf-16"), TEXT),
        (("中" * 50_000).encode(), TEXT),
        (b"", UNKNOWN),
        (b"\x00\x01\x02\x03" * 8, UNKNOWN),
    ],
)
def test_kind_is_told_by_the_content(content: bytes, kind: str) -> None:
    assert kind_of(content) == kind


@given(st.binary())
def test_any_bytes_are_something(content: bytes) -> None:
    assert "/" in kind_of(content)


@given(st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"]), min_size=1))
def test_text_is_read_as_it_was_written(text: str) -> None:
    assert decoded(text.encode("utf-8-sig")) == text
