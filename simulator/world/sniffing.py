"""What bytes are, told from the bytes alone."""

from __future__ import annotations

import re
from typing import Final

UNKNOWN: Final = "application/octet-stream"

MAGIC: Final = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "image/webp"),
    (re.compile(rb"BM.{4}\0\0\0\0", re.DOTALL), "image/bmp"),
    (re.compile(rb"II\*\0|MM\0\*"), "image/tiff"),
    (re.compile(rb"\0\0[\1\2]\0"), "image/x-icon"),
    (re.compile(rb"....ftyphei[cx]", re.DOTALL), "image/heic"),
    (re.compile(rb"....ftyp", re.DOTALL), "video/mp4"),
    (re.compile(rb"OggS"), "audio/ogg"),
    (re.compile(rb"ID3|\xff[\xfb\xf3\xf2]"), "audio/mpeg"),
    (re.compile(rb"RIFF....WAVE", re.DOTALL), "audio/wav"),
    (re.compile(rb"%PDF-"), "application/pdf"),
    (re.compile(rb"PK\x03\x04"), "application/zip"),
)
"""Nothing here is markup: what a browser would run as a page stays a plain download."""


def content_type(content: bytes) -> str:
    return next((kind for magic, kind in MAGIC if magic.match(content)), UNKNOWN)


def image_size(content: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels of a PNG, GIF, JPEG or BMP; of others None."""
    kind = content_type(content)
    if kind == "image/png" and len(content) >= 24:  # noqa: PLR2004
        return _big(content[16:20]), _big(content[20:24])
    if kind == "image/gif":
        return _little(content[6:8]), _little(content[8:10])
    if kind == "image/bmp":
        return _little(content[18:22]), abs(int.from_bytes(content[22:26], "little", signed=True))
    return _jpeg_size(content) if kind == "image/jpeg" else None


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(content) and content[at] == JPEG_MARK:
        kind, length = content[at + 1], _big(content[at + 2 : at + 4])
        if kind in JPEG_FRAMES:
            return _big(content[at + 7 : at + 9]), _big(content[at + 5 : at + 7])
        at += 2 + length
    return None


JPEG_MARK: Final = 0xFF
JPEG_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""The segments that begin a frame, whatever its coding; each holds the picture's size."""


def _big(octets: bytes) -> int:
    return int.from_bytes(octets, "big")


def _little(octets: bytes) -> int:
    return int.from_bytes(octets, "little")
