"""One call of the Open API, described before it is made."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_PLACE: Final = re.compile(r":(\w+)")


class Priority(IntEnum):
    """Who goes first when not all may: the last states of answers, then their first ones.

    A revision does not wait at all: there will be a newer one.
    """

    FINAL = 0
    FIRST = 1
    SEND = 2
    REVISION = 3


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a form."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Call:
    """`api` is the path as Feishu's page writes it, with `:names` for what `ids` fills in.

    `body` is JSON, or bytes that are; `form` is sent instead, as multipart. `chat` is the chat
    that a new message appears in, which may have only so many.
    """

    method: str
    api: str
    ids: Mapping[str, str] = field(default_factory=dict)
    query: Sequence[tuple[str, str]] = ()
    body: Mapping[str, Any] | bytes | None = None
    form: Mapping[str, str | Upload] | None = None
    chat: str | None = None
    priority: Priority = Priority.SEND

    def __str__(self) -> str:
        return f"{self.method} {self.api}"

    @property
    def path(self) -> str:
        return _PLACE.sub(lambda found: quote(self.ids[found[1]], safe=""), self.api)
