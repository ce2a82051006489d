"""Lists that come a page at a time."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any, Final, TypeVar

from simulator.openapi.errors import bad_field
from simulator.openapi.fields import number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from simulator.openapi.errors import ApiError

T = TypeVar("T")

FIELD: Final = "page_token"
MOST_DIGITS: Final = 9


def page(
    query: Mapping[str, str],
    found: Sequence[T],
    shape: Callable[[T], object],
    *,
    default: int,
    most: int,
    bad_token: Callable[[], ApiError] = lambda: bad_field(FIELD),
) -> dict[str, Any]:
    """Return `items`, `has_more` and `page_token` for the page that `query` asks for.

    Raises:
        ApiError: `page_size` is not 1 to `most`, or `page_token` none of ours.
    """
    size = number(query, "page_size", default, most)
    begin = _read(query.get(FIELD, ""), bad_token)
    end = begin + size
    more = end < len(found)
    return {
        "items": [shape(each) for each in found[begin:end]],
        "has_more": more,
        "page_token": _written(end) if more else "",
    }


def _written(offset: int) -> str:
    return base64.urlsafe_b64encode(f"offset:{offset}".encode()).decode()


def _read(token: str, bad_token: Callable[[], ApiError]) -> int:
    if not token:
        return 0
    try:
        name, _, offset = base64.urlsafe_b64decode(token).decode().partition(":")
    except (binascii.Error, ValueError):
        raise bad_token() from None
    if name != "offset" or not offset.isdecimal() or len(offset) > MOST_DIGITS:
        raise bad_token()
    return int(offset)
