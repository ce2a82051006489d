"""The events that are sent: frames of `im.message.receive_v1`, and the acks that come back.

All are of one length and differ in their ids alone. So one is written, by protobuf, and every
other is that one with other ids: a microsecond each. The shape is that of captured events, facts
1.3, 2.3 and 8.
"""

from __future__ import annotations

import json
import secrets
from functools import cache
from typing import Any, Final

from simulator.gateway.pbbp2 import frame_class

Frame: Final[Any] = frame_class()
CONTROL: Final = 0
DATA: Final = 1
STORED: Final = 200

EVENT: Final = "im.message.receive_v1"
_SAID: Final = "@_user_1 how many a second, and where does the time go?"
_AGENT: Final = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 26_3_1) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.6778.268 Safari/537.36 Lark/7.64.6 LarkLocale/en_US ttnet SDK-Version/7.64.13"
)

_PLATFORM: Final = "e" * 16
_NUMBER: Final = "d" * 16
_CHAT: Final = "c" * 16
_MARKS: Final = {_PLATFORM: "%(platform)b", _NUMBER: "%(number)016x", _CHAT: "%(chat)016x"}
"""What stands in the written event for the ids, as long as they are."""


class Events:
    """Events no two of which are the same, not even those of two instances."""

    def __init__(self, app_id: str) -> None:
        template = _written(app_id).replace(b"%", b"%%")
        for mark, code in _MARKS.items():
            template = template.replace(mark.encode(), code.encode())
        self._template = template
        self._platform = secrets.token_hex(8).encode()
        self._ack = Frame()

    def frame(self, number: int, chat: int) -> bytes:
        """Return the frame of one event, said in one of the chats."""
        return self._template % {b"platform": self._platform, b"number": number, b"chat": chat}

    def acked(self, message: bytes) -> tuple[int, int]:
        """Return the number of the event that a client's frame acks, and the code it says.

        Raises:
            ValueError: it is no ack of ours.
        """
        ack = self._ack
        ack.ParseFromString(message)
        number, platform = ack.headers[1].value.split("-")
        if ack.method != DATA or platform.encode() != self._platform:
            raise ValueError(f"not an ack: {message!r}")
        return int(number, 16), _code(ack.payload)


def pong(config: dict[str, int]) -> bytes:
    """Return the answer to the application's own ping: a whole ClientConfig (facts 1.3)."""
    frame = Frame(SeqID=0, LogID=0, service=0, method=CONTROL)
    frame.headers.add(key="type", value="pong")
    frame.payload = json.dumps(config).encode()
    encoded: bytes = frame.SerializeToString()
    return encoded


@cache
def _code(payload: bytes) -> int:
    return int(json.loads(payload)["code"])


def _written(app_id: str) -> bytes:
    frame = Frame(SeqID=1, LogID=7_400_000_000_000_000_001, service=33554678, method=DATA)
    headers = {
        "type": "event",
        "message_id": f"{_NUMBER}-{_PLATFORM}",
        "sum": "1",
        "seq": "0",
        "trace_id": f"{_PLATFORM}{_NUMBER}",
        "timestamp": "1774004597600",
        "instance_id": "eyJpcCI6IjEwLjAuMC4xIn0",
    }
    for key, value in headers.items():
        frame.headers.add(key=key, value=value)
    frame.payload = json.dumps(_event(app_id), separators=(",", ":")).encode()
    encoded: bytes = frame.SerializeToString()
    return encoded


def _event(app_id: str) -> dict[str, Any]:
    tenant, chat = "114effbf324f175f", f"oc_{_PLATFORM}{_CHAT}"
    bot = {"open_id": "ou_3db3df527e172a42dad6ea124cfd0c50", "union_id": "on_bot", "user_id": ""}
    return {
        "schema": "2.0",
        "header": {
            "event_id": f"{_PLATFORM}{_NUMBER}",
            "token": "",
            "create_time": "1774004597520",
            "event_type": EVENT,
            "tenant_key": tenant,
            "app_id": app_id,
        },
        "event": {
            "message": {
                "chat_id": chat,
                "chat_type": "group",
                "content": json.dumps({"text": _SAID}),
                "create_time": "1774004597216",
                "mentions": [
                    {"key": "@_user_1", "id": bot, "name": "Larkspur", "tenant_key": tenant}
                ],
                "message_id": f"om_{_PLATFORM}{_NUMBER}",
                "message_type": "text",
                "update_time": "1774004597216",
                "user_agent": _AGENT,
            },
            "sender": {
                "sender_id": {
                    "open_id": "ou_3db3df527e172a42dad6ea124cfd0c59",
                    "union_id": "on_537019f3a599b4d9fa782e7bb6627f42",
                    "user_id": "f865491f",
                },
                "sender_type": "user",
                "tenant_key": tenant,
            },
        },
    }
