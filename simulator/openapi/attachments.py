"""The keys in what an app sends: whose they are, and what they may be sent as."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from simulator.openapi.errors import bad_parameter, not_owner, wrong_file_type
from simulator.world.files import FileKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.world.files import StoredFile
    from simulator.world.world import World

FILE_TYPES: Final[Mapping[str, str | None]] = {"audio": "opus", "media": "mp4", "file": None}
"""What an upload must have been called for its key to be sent as that type."""
NEVER_AS_FILE: Final = frozenset(FILE_TYPES.values()) - {None}
RECENT: Final = 1_000
"""Messages that are searched for a sticker."""


def check_attachments(parsed: Mapping[str, Any], msg_type: str, world: World) -> None:
    """Let the keys of an image, a file, an audio, a media or a sticker through.

    Raises:
        ApiError: 230001 nothing has that key, 230017 it is not the bot's, 230055 it was uploaded
            as something else.
    """
    if msg_type == "sticker":
        _check_sticker(parsed, world)
        return
    if msg_type == "image" or (msg_type == "media" and "image_key" in parsed):
        check_image(parsed.get("image_key"), world)
    if msg_type != "image":
        _check_file(parsed.get("file_key"), msg_type, world)


def check_image(key: object, world: World) -> None:
    """Let an image through.

    Raises:
        ApiError: 230001 no image has that key, 230017 it is not the bot's.
    """
    _owned(key, FileKind.IMAGE, world)


def _check_file(key: object, msg_type: str, world: World) -> None:
    stored = _owned(key, FileKind.FILE, world)
    wanted = FILE_TYPES[msg_type]
    as_file_only = wanted is None and stored.file_type in NEVER_AS_FILE
    if as_file_only or wanted not in (None, stored.file_type):
        raise wrong_file_type()


def _owned(key: object, kind: FileKind, world: World) -> StoredFile:
    stored = world.files.get(key) if isinstance(key, str) else None
    if stored is None or stored.kind is not kind:
        raise bad_parameter(f"invalid {kind}_key")
    if not stored.by_bot:
        raise not_owner()
    return stored


def _check_sticker(parsed: Mapping[str, Any], world: World) -> None:
    """Let a sticker through that a user has sent; an app cannot make one of its own."""
    key = parsed.get("file_key")
    received = (each for each in world.messages.newest(RECENT) if each.msg_type == "sticker")
    if not any(json.loads(each.content).get("file_key") == key for each in received):
        raise bad_parameter("invalid file_key")
