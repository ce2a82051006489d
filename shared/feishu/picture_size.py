"""How large a picture is, read from its head, and whether Feishu takes it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from shared.feishu.sniffing import kind_of

if TYPE_CHECKING:
    from collections.abc import Callable

LARGEST: Final = 10 * 1024 * 1024
"""Bytes: https://open.feishu.cn/document/server-docs/im-v1/image/create, as all limits here."""

_LONGEST: Final = 12_000
_LONGEST_GIF: Final = 2_000
_TAKEN: Final = frozenset(
    f"image/{each}" for each in ("png", "jpeg", "gif", "webp", "bmp", "x-icon", "tiff", "heic")
)
_JPEG_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""The segments that begin a frame, whatever its coding; each holds the size."""

_JPEG_BARE: Final = frozenset({0x01, *range(0xD0, 0xD9)})
"""The markers that no length follows."""


class Size(NamedTuple):
    """In pixels."""

    width: int
    height: int


def size_of(content: bytes) -> Size | None:
    """Return the size of a PNG, JPEG, GIF, WebP or BMP; None of anything else, or of half a head.

    No pixel is decoded: it costs the same for a picture of any size.
    """
    reader, least = _READERS.get(kind_of(content), (None, 0))
    if reader is None or len(content) < least:
        return None
    size = reader(content)
    return size if size and min(size) > 0 else None


def is_taken(content: bytes) -> bool:
    """Whether Feishu takes this as a picture. Of kinds whose size is not read, Feishu decides."""
    kind = kind_of(content)
    if kind not in _TAKEN or len(content) > LARGEST:
        return False
    size = size_of(content)
    if size is None:
        return kind not in _READERS
    return max(size) <= (_LONGEST_GIF if kind == "image/gif" else _LONGEST)


def _png(content: bytes) -> Size | None:
    if content[12:16] != b"IHDR":
        return None
    return Size(_big(content[16:20]), _big(content[20:24]))


def _gif(content: bytes) -> Size:
    return Size(_little(content[6:8]), _little(content[8:10]))


def _bmp(content: bytes) -> Size:
    """OS/2's head has shorter fields; a negative height is a picture that begins at its top."""
    if _little(content[14:18]) == 12:  # noqa: PLR2004 - the length of that head
        return Size(_little(content[18:20]), _little(content[20:22]))
    height = int.from_bytes(content[22:26], "little", signed=True)
    return Size(_little(content[18:22]), abs(height))


def _webp(content: bytes) -> Size | None:
    """https://developers.google.com/speed/webp/docs/riff_container, one branch for each coding."""
    match content[12:16]:
        case b"VP8 ":
            return Size(_little(content[26:28]) & 0x3FFF, _little(content[28:30]) & 0x3FFF)
        case b"VP8L":
            bits = _little(content[21:25])
            return Size((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
        case b"VP8X":
            return Size(_little(content[24:27]) + 1, _little(content[27:30]) + 1)
        case _:
            return None


def _jpeg(content: bytes) -> Size | None:
    """Go from segment to segment, up to that of the frame; a thumbnail is within a segment."""
    place = 2
    while content[place : place + 1] == b"\xff" and place + 9 <= len(content):
        marker = content[place + 1]
        if marker in _JPEG_FRAMES:
            return Size(_big(content[place + 7 : place + 9]), _big(content[place + 5 : place + 7]))
        if marker == 0xFF:  # noqa: PLR2004 - a fill byte
            place += 1
        elif marker in _JPEG_BARE:
            place += 2
        else:
            place += 2 + _big(content[place + 2 : place + 4])
    return None


_READERS: Final[dict[str, tuple[Callable[[bytes], Size | None], int]]] = {
    "image/png": (_png, 24),
    "image/jpeg": (_jpeg, 2),
    "image/gif": (_gif, 10),
    "image/webp": (_webp, 30),
    "image/bmp": (_bmp, 26),
}
"""And how many bytes they need."""


def _big(octets: bytes) -> int:
    return int.from_bytes(octets, "big")


def _little(octets: bytes) -> int:
    return int.from_bytes(octets, "little")
