"""What a file is, told by its content: names and headers are whatever their sender wrote. Pure."""

from __future__ import annotations

import codecs
import re
from typing import Final

from shared.feishu.containers import ole_kind, zip_kind

TEXT: Final = "text/plain"
UNKNOWN: Final = "application/octet-stream"
PICTURES: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""What models take."""

_MAGIC: Final = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), "image/webp"),
    (re.compile(rb"BM.{4}\0\0\0\0", re.DOTALL), "image/bmp"),
    (re.compile(rb"II\*\0|MM\0\*"), "image/tiff"),
    (re.compile(rb"\0\0\x01\0[^\0]\0.{3}\0", re.DOTALL), "image/x-icon"),
    (re.compile(rb".{4}ftyp(?:hei[cfmsx]|hev[cmsx]|mif1)", re.DOTALL), "image/heic"),
    (re.compile(rb".{4}ftypavi[fs]", re.DOTALL), "image/avif"),
    (re.compile(rb".{4}ftypM4[AB]", re.DOTALL), "audio/mp4"),
    (re.compile(rb".{4}ftypqt", re.DOTALL), "video/quicktime"),
    (re.compile(rb".{4}ftyp3g", re.DOTALL), "video/3gpp"),
    (re.compile(rb".{4}ftyp", re.DOTALL), "video/mp4"),
    (re.compile(rb"\x1aE\xdf\xa3.{0,60}webm", re.DOTALL), "video/webm"),
    (re.compile(rb"\x1aE\xdf\xa3"), "video/x-matroska"),
    (re.compile(rb"RIFF.{4}AVI ", re.DOTALL), "video/x-msvideo"),
    (re.compile(rb"OggS.{24}OpusHead", re.DOTALL), "audio/opus"),
    (re.compile(rb"OggS.{24}\x80theora", re.DOTALL), "video/ogg"),
    (re.compile(rb"OggS"), "audio/ogg"),
    (re.compile(rb"ID3|\xff[\xfa\xfb\xf2\xf3]"), "audio/mpeg"),
    (re.compile(rb"\xff[\xf0\xf1\xf8\xf9]"), "audio/aac"),
    (re.compile(rb"RIFF.{4}WAVE", re.DOTALL), "audio/wav"),
    (re.compile(rb"fLaC"), "audio/flac"),
    (re.compile(rb"#!AMR"), "audio/amr"),
    (re.compile(rb"%PDF-"), "application/pdf"),
    (re.compile(rb"PK(?:\x03\x04|\x05\x06)"), "zip"),
    (re.compile(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "ole"),
    (re.compile(rb"\x1f\x8b\x08"), "application/gzip"),
    (re.compile(rb"Rar!\x1a\x07"), "application/vnd.rar"),
    (re.compile(rb"7z\xbc\xaf\x27\x1c"), "application/x-7z-compressed"),
)
"""Nothing here is markup: what a browser would run as a page is text."""

_CONTROL: Final = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_BOMS_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_LOOK: Final = 64 * 1024
_LONGEST_CHARACTER: Final = 4


def kind_of(content: bytes) -> str:
    """Return the MIME type of a file; what a container holds is told only if it is all there."""
    for magic, kind in _MAGIC:
        if magic.match(content):
            match kind:
                case "zip":
                    return zip_kind(content)
                case "ole":
                    return ole_kind(content)
                case _:
                    return kind
    return TEXT if _begins_as_text(content) else UNKNOWN


def decoded(content: bytes) -> str | None:
    """Return the text that a file is, None if it is none. What is no UTF is taken for GB 18030.

    What is in UTF-16 must say so with its first character.
    """
    if content.startswith(_BOMS_16):
        return _read(content, "utf-16")
    text = _read(content, "utf-8-sig")
    return _read(content, "gb18030") if text is None else text


def _begins_as_text(content: bytes) -> bool:
    """Go by the first 64 KB; they may end within a character."""
    cut = range(_LONGEST_CHARACTER if len(content) > _LOOK else 1)
    head = content[:_LOOK]
    return any(decoded(head[: len(head) - each]) for each in cut)


def _read(content: bytes, encoding: str) -> str | None:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if _CONTROL.search(text) or not text else text
