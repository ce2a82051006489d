"""Images and files, uploaded by the bot or sent by users: the newest are kept."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NewType

from simulator.world.sniffing import content_type

FileKey = NewType("FileKey", str)

KEPT: Final = 1_000
KEPT_BYTES: Final = 256 * 1024 * 1024


class FileKind(StrEnum):
    """What a key may be used as: an `image_key`, or a `file_key`."""

    IMAGE = "image"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """`file_type` is what an upload called it: `opus`, `mp4`, `stream`..., or `image`."""

    key: FileKey
    kind: FileKind
    name: str
    content: bytes
    content_type: str
    file_type: str
    by_bot: bool


class Files:
    """At most `keep` files and `keep_bytes` bytes; the oldest fall off."""

    def __init__(self, keep: int = KEPT, keep_bytes: int = KEPT_BYTES) -> None:
        self._keep = keep
        self._keep_bytes = keep_bytes
        self._kept: OrderedDict[FileKey, StoredFile] = OrderedDict()
        self.size = 0

    def __len__(self) -> int:
        return len(self._kept)

    def add(
        self,
        content: bytes,
        name: str,
        kind: FileKind,
        *,
        file_type: str = "stream",
        by_bot: bool = False,
    ) -> FileKey:
        """Keep a file, and return the key it is sent and fetched by."""
        key = fresh_key(kind)
        stored = StoredFile(key, kind, name, content, content_type(content), file_type, by_bot)
        self._kept[key] = stored
        self.size += len(content)
        while len(self._kept) > self._keep or self.size > self._keep_bytes:
            _, dropped = self._kept.popitem(last=False)
            self.size -= len(dropped.content)
        return key

    def get(self, key: str) -> StoredFile | None:
        return self._kept.get(FileKey(key))


def fresh_key(kind: FileKind) -> FileKey:
    """Return a key in the platform's newer form, `img_v3_...` or `file_v3_...`."""
    prefix = "img_v3" if kind is FileKind.IMAGE else "file_v3"
    random = secrets.token_hex(16)
    return FileKey(f"{prefix}_02ab_{random[:8]}-{random[8:12]}-{random[12:16]}-{random[16:]}g")
