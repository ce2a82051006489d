"""What a file that holds files is, whatever else it holds."""

from __future__ import annotations

import io
import zipfile
from itertools import pairwise
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.feishu.containers import OLE, ZIP, ole_kind, zip_kind
from shared.feishu.sniffing import kind_of

TYPES, OFFICE = "[Content_Types].xml", "application/vnd.openxmlformats-officedocument"
DOCX = f"{OFFICE}.wordprocessingml.document"
XLSX = f"{OFFICE}.spreadsheetml.sheet"
PPTX = f"{OFFICE}.presentationml.presentation"
END_OF_CHAIN: Final = 0xFFFFFFFE


def archive(*names: str, stored: bytes = b"x" * 100) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as written:
        for name in names:
            written.writestr(name, stored)
    return held.getvalue()


def ole(*names: str, shift: int = 9) -> bytes:
    """Return a compound file: its table, and a directory whose sectors lie apart."""
    size = 1 << shift
    names = ("Root Entry", *names)
    a_sector = size // 128
    sectors = [names[at : at + a_sector] for at in range(0, len(names), a_sector)]
    places = [1 + 2 * number for number in range(len(sectors))]
    table = [END_OF_CHAIN] * (size // 4)
    for place, after in pairwise(places):
        table[place] = after
    head = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0"))
    head[30:32] = shift.to_bytes(2, "little")
    head[48:52] = places[0].to_bytes(4, "little")
    whole = bytes(head).ljust(size, b"\0")
    whole += b"".join(each.to_bytes(4, "little") for each in table)
    for some in sectors:
        whole += b"".join(map(entry, some)).ljust(size, b"\0") + b"\xee" * size
    return whole


def entry(name: str) -> bytes:
    written = name.encode("utf-16-le")
    length = (len(written) + 2).to_bytes(2, "little")
    return written.ljust(64, b"\0") + length + bytes(62)


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        ([TYPES, "_rels/.rels", "word/document.xml"], DOCX),
        (["word/document.xml", TYPES], DOCX),
        ([TYPES, "xl/workbook.xml"], XLSX),
        ([TYPES, "xl/workbook.bin"], XLSX),
        ([TYPES, "ppt/presentation.xml", "ppt/embeddings/sheet.xlsx"], PPTX),
        ([TYPES, "word/document.xml", "word/embeddings/xl/workbook.xml"], DOCX),
        (["a.txt"], ZIP),
        ([TYPES], ZIP),
        (["word/document.xml"], ZIP),
        ([TYPES, "embedded/word/document.xml"], ZIP),
        ([f"unpacked/{TYPES}", "unpacked/word/document.xml"], ZIP),
        ([], ZIP),
    ],
)
def test_archive_is_told_by_its_directory(names: list[str], kind: str) -> None:
    assert kind_of(archive(*names)) == kind


def test_document_within_a_document_is_not_what_it_is() -> None:
    sheet = archive(TYPES, "xl/workbook.xml")

    slides = archive(TYPES, "ppt/presentation.xml", stored=sheet)

    assert kind_of(slides) == PPTX


def test_archive_with_a_comment_is_read() -> None:
    held = io.BytesIO(archive(TYPES, "word/document.xml"))
    with zipfile.ZipFile(held, "a") as written:
        written.comment = b"PK and so on" * 100

    assert kind_of(held.getvalue()) == DOCX


def test_half_an_archive_is_an_archive() -> None:
    whole = archive(TYPES, "word/document.xml")

    assert kind_of(whole[: len(whole) // 2]) == ZIP


@pytest.mark.parametrize("shift", [9, 12])
@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (["1Table", "WordDocument"], "application/msword"),
        (["Workbook"], "application/vnd.ms-excel"),
        (["Book"], "application/vnd.ms-excel"),
        (["Pictures", "Current User", "PowerPoint Document"], "application/vnd.ms-powerpoint"),
        (
            ["Data", "1Table", "CompObj", "WordDocument", "ObjectPool", "Workbook"],
            "application/msword",
        ),
        (["a", "b", "c", "d", "e", "f", "g", "Workbook"], "application/vnd.ms-excel"),
        (["__properties_version1.0"], "application/vnd.ms-outlook"),
        (["NoWorkbook", "Workbooks"], OLE),
        ([], OLE),
    ],
)
def test_older_office_is_told_by_its_streams(names: list[str], kind: str, shift: int) -> None:
    assert kind_of(ole(*names, shift=shift)) == kind


def test_directory_that_goes_round_ends() -> None:
    whole = bytearray(ole("a", "b", "c", "d", "e"))
    whole[512 + 3 * 4 : 512 + 4 * 4] = (1).to_bytes(4, "little")

    assert ole_kind(bytes(whole)) == OLE


@given(st.binary(), st.integers(min_value=0), st.binary(max_size=8))
def test_any_bytes_are_some_container(junk: bytes, at: int, put: bytes) -> None:
    for whole in (archive(TYPES, "xl/workbook.xml"), ole("Workbook")):
        place = at % len(whole)
        broken = whole[:place] + put + whole[place + len(put) :] + junk

        assert "/" in zip_kind(broken)
        assert "/" in ole_kind(broken)
