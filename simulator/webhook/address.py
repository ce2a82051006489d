"""Where an app takes its events, and the keys it shares with the platform."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson

from simulator.events.given import with_token
from simulator.webhook.cipher import encrypt, signature

if TYPE_CHECKING:
    from simulator.events.event import Event


@dataclass(frozen=True, slots=True)
class Address:
    """Without an `encrypt_key` bodies are plain and requests unsigned (facts 6)."""

    url: str
    encrypt_key: str
    verification_token: str

    def body(self, event: Event) -> bytes:
        return self._sealed(with_token(event, self.verification_token))

    def challenge(self, challenge: str) -> bytes:
        """Return the body that asks whether the URL is the app's; it is never signed."""
        return self._sealed(
            orjson.dumps(
                {
                    "challenge": challenge,
                    "token": self.verification_token,
                    "type": "url_verification",
                }
            )
        )

    def headers(self, body: bytes) -> dict[str, str]:
        """Return the headers of a body that is about to be posted."""
        headers = {"Content-Type": "application/json; charset=utf-8"}
        if self.encrypt_key:
            timestamp, nonce = str(int(time.time())), str(secrets.randbelow(2**31))
            signed = signature(timestamp, nonce, self.encrypt_key, body)
            headers["X-Lark-Request-Timestamp"] = timestamp
            headers["X-Lark-Request-Nonce"] = nonce
            headers["X-Lark-Signature"] = signed
        return headers

    def _sealed(self, payload: bytes) -> bytes:
        if not self.encrypt_key:
            return payload
        return orjson.dumps({"encrypt": encrypt(payload, self.encrypt_key)})
