"""Sizes of pictures, as the library that wrote them knows them."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from shared.feishu.picture_size import LARGEST, Size, is_taken, size_of

sides = st.integers(1, 300)


def drawn(form: str, width: int, height: int, **options: object) -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (width, height)).save(held, form, **options)
    return held.getvalue()


def png(width: int, height: int) -> bytes:
    """Return the head of a picture that need not be drawn."""
    size = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + size + b"\x08\2\0\0\0"


@given(st.sampled_from(["PNG", "JPEG", "GIF", "WEBP", "BMP"]), sides, sides)
def test_size_is_what_was_drawn(form: str, width: int, height: int) -> None:
    assert size_of(drawn(form, width, height)) == Size(width, height)


@pytest.mark.parametrize(
    ("form", "options"),
    [
        ("WEBP", {"lossless": True}),
        ("WEBP", {"exif": b"Exif\0\0II*\0", "quality": 1}),
        ("JPEG", {"progressive": True}),
        ("JPEG", {"exif": b"Exif\0\0" + b"\xff\xc0" * 500}),
    ],
)
def test_every_coding_has_its_size(form: str, options: dict[str, object]) -> None:
    assert size_of(drawn(form, 301, 77, **options)) == Size(301, 77)


def test_animation_has_the_size_of_its_screen() -> None:
    frames = [Image.new("RGB", (40, 30), color) for color in ("red", "blue")]
    for form in ("GIF", "WEBP"):
        held = io.BytesIO()
        frames[0].save(held, form, save_all=True, append_images=frames[1:])

        assert size_of(held.getvalue()) == Size(40, 30)


def test_bitmap_that_begins_at_its_top_has_a_size() -> None:
    drawn_up = bytearray(drawn("BMP", 20, 10))
    drawn_up[22:26] = (-10).to_bytes(4, "little", signed=True)

    assert size_of(bytes(drawn_up)) == Size(20, 10)


def test_bitmap_of_os2_has_a_size() -> None:
    head = b"BM" + bytes(12) + (12).to_bytes(4, "little")

    assert size_of(head + b"\x2c\1\x4d\0" + bytes(8)) == Size(300, 77)


@given(st.sampled_from(["PNG", "JPEG", "GIF", "WEBP", "BMP"]), st.integers(0, 40))
def test_half_a_head_has_no_wrong_size(form: str, length: int) -> None:
    assert size_of(drawn(form, 301, 77)[:length]) in (None, Size(301, 77))


MAGICS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"RIFF0000WEBPVP8", b"BM0000\0\0\0\0")


@given(st.sampled_from(MAGICS), st.binary(max_size=200))
def test_any_bytes_have_a_size_or_none(magic: bytes, rest: bytes) -> None:
    size = size_of(magic + rest)

    assert size is None or min(size) > 0


@given(st.binary())
def test_what_is_no_picture_is_not_taken(content: bytes) -> None:
    assert is_taken(b"%PDF-" + content) is False


@pytest.mark.parametrize(
    ("content", "taken"),
    [
        (png(12_000, 12_000), True),
        (png(12_001, 1), False),
        (png(1, 12_001), False),
        (png(0, 1), False),
        (b"GIF89a" + (2000).to_bytes(2, "little") * 2 + bytes(3), True),
        (b"GIF89a" + (2001).to_bytes(2, "little") * 2 + bytes(3), False),
        (png(1, 1).ljust(LARGEST, b"\0"), True),
        (png(1, 1).ljust(LARGEST + 1, b"\0"), False),
        (drawn("TIFF", 10, 10), True),
        (drawn("ICO", 16, 16), True),
        (b"\0\0\0\x18ftypheic" + bytes(20), True),
        (b"\0\0\0\x18ftypavif" + bytes(20), False),
        (b"\xff\xd8\xff\xe0", False),
        (b"<svg/>", False),
        (b"", False),
    ],
)
def test_platforms_limits_are_kept(content: bytes, *, taken: bool) -> None:
    assert is_taken(content) is taken
