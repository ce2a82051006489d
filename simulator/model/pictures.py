"""What the model sees in a picture: its type, its size, and how many bytes it is."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any, Final

from simulator.model.conversation import ConversationError
from simulator.world.sniffing import content_type, image_size

DATA_URL: Final = re.compile(r"data:[^,;]*;base64,")


def picture_at(url: Any) -> str:
    """Describe a picture by its URL; only `data:` URLs are looked into.

    Raises:
        ConversationError: its base64 is broken, or it is no URL at all.
    """
    if not isinstance(url, str):
        raise ConversationError("an image must have a url")
    data = DATA_URL.match(url)
    return picture(url[data.end() :]) if data else "a picture elsewhere"


def picture(encoded: Any) -> str:
    """Describe a picture given as base64.

    Raises:
        ConversationError: it is not base64.
    """
    if not isinstance(encoded, str):
        raise ConversationError("an image must be base64 text")
    try:
        content = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise ConversationError("an image is not valid base64") from None
    size = image_size(content)
    pixels = f" {size[0]}x{size[1]}" if size else ""
    return f"{content_type(content)}{pixels}, {len(content)} bytes"
