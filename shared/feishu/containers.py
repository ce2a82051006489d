"""Files that hold files, as those of Office do: what they are is told by their directory. Pure.

https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT 4.3
https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-cfb
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

ZIP: Final = "application/zip"
OLE: Final = "application/x-ole-storage"

_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
_PARTS: Final = (
    (b"word/document", f"{_OFFICE}.wordprocessingml.document"),
    (b"xl/workbook", f"{_OFFICE}.spreadsheetml.sheet"),
    (b"ppt/presentation", f"{_OFFICE}.presentationml.presentation"),
)
"""How the name of the main part begins."""

_STREAMS: Final = {
    "WordDocument": "application/msword",
    "Workbook": "application/vnd.ms-excel",
    "Book": "application/vnd.ms-excel",
    "PowerPoint Document": "application/vnd.ms-powerpoint",
    "__properties_version1.0": "application/vnd.ms-outlook",
}
"""The main streams, by their whole names."""

_END, _ENTRY = b"PK\5\6", b"PK\1\2"
_LONGEST_END: Final = 22 + 0xFFFF
_ENTRY_HEAD: Final = 46
_OLE_ENTRY: Final = 128
_OLE_NAME: Final = 64
_SHIFT_OF_4096: Final = 12
_MOST_SECTORS: Final = 1000


def zip_kind(content: bytes) -> str:
    """Return what a ZIP archive is: a document of Office, or an archive."""
    names = [*_zip_names(content)]
    if b"[Content_Types].xml" not in names:
        return ZIP
    found = (kind for part, kind in _PARTS if any(name.startswith(part) for name in names))
    return next(found, ZIP)


def ole_kind(content: bytes) -> str:
    """Return which program of the older Office wrote a file.

    Documents embedded in it are in the same directory; they were put there after its own stream.
    """
    found = (_STREAMS[name] for name in _ole_names(content) if name in _STREAMS)
    return next(found, OLE)


def _zip_names(content: bytes) -> Iterator[bytes]:
    """Yield the names in the central directory, which is found from the end."""
    end = content.rfind(_END, max(0, len(content) - _LONGEST_END))
    place = _little(content, end + 16, 4) if end >= 0 else len(content)
    while content.startswith(_ENTRY, place):
        name, extra, comment = (_little(content, place + field, 2) for field in (28, 30, 32))
        yield content[place + _ENTRY_HEAD : place + _ENTRY_HEAD + name]
        place += _ENTRY_HEAD + name + extra + comment


def _ole_names(content: bytes) -> Iterator[str]:
    """Yield the names in the directory, sector by sector, as the allocation table chains them."""
    size = 4096 if _little(content, 30, 2) == _SHIFT_OF_4096 else 512
    sector, in_a_table = _little(content, 48, 4), size // 4
    for _ in range(_MOST_SECTORS):
        start = (sector + 1) * size
        if start >= len(content):  # the mark of a chain's end is such a number too
            return
        for place in range(start, start + size, _OLE_ENTRY):
            yield _ole_name(content[place : place + _OLE_ENTRY])
        table = _little(content, 76 + 4 * (sector // in_a_table), 4)
        sector = _little(content, (table + 1) * size + 4 * (sector % in_a_table), 4)


def _ole_name(entry: bytes) -> str:
    """Return the name of a directory entry; its length counts the zero at its end."""
    length = _little(entry, _OLE_NAME, 2) - 2
    return entry[: max(0, min(length, _OLE_NAME))].decode("utf-16-le", "replace")


def _little(content: bytes, place: int, size: int) -> int:
    """Read a number; where the content has ended, there are zeros."""
    return int.from_bytes(content[place : place + size], "little")
