"""What the platform posts to a webhook, encrypted and signed as the simulator does it."""

from __future__ import annotations

import json
import time

import orjson

from simulator.webhook.cipher import encrypt, signature

KEY = "an-encrypt-key-that-must-not-leak"
TOKEN = "a-verification-token-that-must-not-leak"


def sealed(payload: bytes, key: str = KEY) -> bytes:
    """Return a body that holds `payload` encrypted."""
    return orjson.dumps({"encrypt": encrypt(payload, key)})


def signed(body: bytes, key: str = KEY, *, at: float | None = None) -> dict[str, str]:
    """Return the headers of a body that was signed at a Unix time, or just now."""
    timestamp = str(int(time.time() if at is None else at))
    return {
        "X-Lark-Request-Timestamp": timestamp,
        "X-Lark-Request-Nonce": "950646929",
        "X-Lark-Signature": signature(timestamp, "950646929", key, body),
    }


def raw(headers: dict[str, str]) -> dict[bytes, bytes]:
    """Return headers as a server hands them on."""
    return {name.lower().encode(): value.encode() for name, value in headers.items()}


def challenge(words: object = "say this", token: str = TOKEN) -> bytes:
    asked = {"challenge": words, "token": token, "type": "url_verification"}
    return json.dumps(asked).encode()  # orjson would refuse half a surrogate pair
