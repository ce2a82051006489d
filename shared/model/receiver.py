"""Whom a message is for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

ReceiveIdType = Literal["open_id", "union_id", "user_id", "email", "chat_id"]

_PREFIXES: Final[dict[str, ReceiveIdType]] = {
    "ou_": "open_id",
    "on_": "union_id",
    "oc_": "chat_id",
}


@dataclass(frozen=True, slots=True)
class Receiver:
    """Somebody, or a chat, under an id that says what kind of id it is."""

    id: str
    receive_id_type: ReceiveIdType


def receiver_of(to: str) -> Receiver:
    """Tell what an id is: `ou_...`, `on_...`, `oc_...`, an e-mail address, else a user_id.

    Raises:
        ValueError: it is empty, or has spaces.
    """
    if not to or any(each.isspace() for each in to):
        raise ValueError(f"{to!r} is no id, and no e-mail address")
    if "@" in to:
        return Receiver(to, "email")
    return Receiver(to, _PREFIXES.get(to[:3], "user_id"))
