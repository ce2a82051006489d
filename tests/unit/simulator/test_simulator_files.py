"""How files are kept, and what they are taken for."""

from __future__ import annotations

import struct
from typing import Any

import pytest

from simulator.openapi.errors import ApiError
from simulator.openapi.resources import LARGEST, sent
from simulator.world.files import FileKind, Files
from simulator.world.sniffing import content_type, image_size


def png(width: int = 1, height: int = 1) -> bytes:
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", width, height) + b"\x08\6\0\0\0"


def gif(width: int, height: int) -> bytes:
    return b"GIF89a" + struct.pack("<HH", width, height)


def test_files_are_bounded_in_number_and_bytes() -> None:
    files = Files(keep=3, keep_bytes=100)

    few = [files.add(b"x", "x", FileKind.FILE) for _ in range(4)]
    large = files.add(bytes(99), "x", FileKind.FILE)

    assert [files.get(key) is not None for key in few] == [False, False, False, True]
    assert files.get(large) is not None
    assert (len(files), files.size) == (2, 100)


@pytest.mark.parametrize(
    ("body", "kind", "size"),
    [
        (png(3, 4), "image/png", (3, 4)),
        (gif(3, 4), "image/gif", (3, 4)),
        (b"\xff\xd8\xff\xe0\0\4\0\0\xff\xc0\0\x11\x08\0\4\0\3", "image/jpeg", (3, 4)),
        (b"\xff\xd8\xff\xe0\0\0", "image/jpeg", None),
        (b"\xff\xd8\xff", "image/jpeg", None),
        (b"RIFF\0\0\0\0WEBP", "image/webp", None),
        (b"\x89PNG\r\n\x1a\n", "image/png", None),
        (b"%PDF-1.7", "application/pdf", None),
        (b"<svg onload='alert(1)'/>", "application/octet-stream", None),
        (b"", "application/octet-stream", None),
    ],
)
def test_bytes_are_told_by_themselves(body: bytes, kind: str, size: Any) -> None:
    assert (content_type(body), image_size(body)) == (kind, size)


def test_download_above_a_hundred_megabytes_is_refused() -> None:
    files = Files(keep_bytes=2 * LARGEST)
    stored = files.get(files.add(bytes(LARGEST + 1), "x", FileKind.FILE))
    assert stored

    with pytest.raises(ApiError) as refused:
        sent(stored)

    assert refused.value.code == 234037
