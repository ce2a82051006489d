"""Multipart bodies: some short fields and one file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aiohttp import BodyPartReader

from simulator.openapi.resource_errors import bad_request_parameter, empty_file, too_large_file

if TYPE_CHECKING:
    from aiohttp import MultipartReader, web

MOST_FIELDS: Final = 16
LONGEST_FIELD: Final = 4 * 1024
CHUNK: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class Form:
    """`content` is the file's."""

    fields: dict[str, str]
    content: bytes


async def read_form(request: web.Request, file_field: str, largest: int) -> Form:
    """Read a form, and no more of its file than `largest` bytes.

    Raises:
        ApiError: 234001 it is no such form, 234006 the file is larger, 234010 it is empty.
    """
    if not request.content_type.startswith("multipart/"):
        raise bad_request_parameter()
    try:
        fields = await _read_fields(await request.multipart(), file_field, largest)
        content = fields.pop(file_field)
        texts = {name: value.decode() for name, value in fields.items()}
    except (KeyError, ValueError, AssertionError):  # the last two: how aiohttp says malformed
        raise bad_request_parameter() from None
    if not content:
        raise empty_file()
    return Form(texts, content)


async def _read_fields(parts: MultipartReader, file_field: str, largest: int) -> dict[str, bytes]:
    fields: dict[str, bytes] = {}
    for _ in range(MOST_FIELDS):
        part = await parts.next()
        if part is None:
            break
        if not isinstance(part, BodyPartReader) or not part.name:
            raise bad_request_parameter()
        fields[part.name] = await _read(part, largest if part.name == file_field else LONGEST_FIELD)
    return fields


async def _read(part: BodyPartReader, largest: int) -> bytes:
    read = bytearray()
    while chunk := await part.read_chunk(CHUNK):
        read += chunk
        if len(read) > largest:
            raise too_large_file()
    return bytes(read)
