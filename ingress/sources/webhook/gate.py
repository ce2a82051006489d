"""Who is let in: the platform, known by what it shares with us, and nobody else (facts 6).

With an Encrypt Key an event has to be encrypted, signed, and signed lately; with a Verification
Token it has to hold it, or if it is signed at least no other, as the official SDK has it. A
challenge, which is never signed, has to be encrypted and hold the token. Secrets are compared in
constant time.
"""

from __future__ import annotations

import hmac
import json
import time
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from ingress.sources.webhook.cipher import Cipher
from ingress.sources.webhook.rejected import Rejected

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic import SecretStr

    from shared.settings import Webhook as Settings

    Headers = Mapping[bytes, bytes]

_TIMESTAMP_AT_MOST: Final = 12
"""Digits; it is in seconds."""


@dataclass(frozen=True, slots=True)
class Challenge:
    """The platform asks whether this URL is the app's; it is to be said back."""

    words: str


class Gate:
    """Turns a body into the event that is in it, if the platform has sent it."""

    def __init__(self, settings: Settings, *, now: Callable[[], float] = time.time) -> None:
        encrypt_key = _secret(settings.encrypt_key)
        self._cipher = Cipher(encrypt_key) if encrypt_key else None
        self._token = _secret(settings.verification_token).encode()
        self._window = settings.timestamp_window
        self._now = now

    def admit(self, headers: Headers, body: bytes) -> bytes | Challenge:
        """Return the event as JSON, or the challenge.

        Raises:
            Rejected: it is not the platform's (401), or cannot be read (400).
        """
        if self._cipher is None:
            payload, event = body, _parsed(body)
            if "encrypt" in event:
                raise Rejected("encrypted")
        else:
            doubt = self._doubt(self._cipher, headers, body)
            if doubt:
                return self._challenge(self._unsigned(self._cipher, body, doubt))
            payload = self._cipher.decrypt(_sealed(body))
            event = _parsed(payload)
        if _is_challenge(event):
            return self._challenge(event)
        self._check_token(event, signed=self._cipher is not None)
        return payload

    def _doubt(self, cipher: Cipher, headers: Headers, body: bytes) -> str:
        """Return why the signature does not count; empty if it does."""
        given = headers.get(b"x-lark-signature", b"")
        timestamp = headers.get(b"x-lark-request-timestamp", b"")
        nonce = headers.get(b"x-lark-request-nonce", b"")
        if not given:
            return "unsigned"
        if not hmac.compare_digest(given, cipher.signature(timestamp, nonce, body)):
            return "bad_signature"
        if not timestamp.isdigit() or len(timestamp) > _TIMESTAMP_AT_MOST:
            return "stale"
        return "" if abs(self._now() - int(timestamp)) <= self._window else "stale"

    def _unsigned(self, cipher: Cipher, body: bytes, doubt: str) -> dict[str, Any]:
        """Return the challenge that may come without a signature.

        All else is answered alike: who could tell bad padding from bad JSON could decrypt an
        event he has overheard, byte by byte.
        """
        try:
            event = _parsed(cipher.decrypt(_sealed(body)))
        except Rejected as fault:
            raise Rejected(fault.reason, HTTPStatus.UNAUTHORIZED) from fault
        if not _is_challenge(event):
            raise Rejected(doubt, HTTPStatus.UNAUTHORIZED)
        return event

    def _challenge(self, event: dict[str, Any]) -> Challenge:
        self._check_token(event, signed=False)
        words = event.get("challenge")
        if not isinstance(words, str):
            raise Rejected("no_challenge")
        return Challenge(words)

    def _check_token(self, event: dict[str, Any], *, signed: bool) -> None:
        header = event.get("header")
        token = (header if isinstance(header, dict) else event).get("token")
        if not self._token or (token is None and signed):
            return
        given = token.encode(errors="replace") if isinstance(token, str) else b""
        if not hmac.compare_digest(given, self._token):
            raise Rejected("bad_token", HTTPStatus.UNAUTHORIZED)


def _is_challenge(event: dict[str, Any]) -> bool:
    return event.get("type") == "url_verification"


def _sealed(body: bytes) -> str:
    sealed = _parsed(body).get("encrypt")
    if not isinstance(sealed, str):
        raise Rejected("not_encrypted")
    return sealed


def _parsed(raw: bytes) -> dict[str, Any]:
    """Read JSON; a user's half of a surrogate pair, which stricter parsers refuse, is no fault."""
    try:
        parsed = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise Rejected("not_json") from error
    if not isinstance(parsed, dict):
        raise Rejected("not_an_object")
    return parsed


def _secret(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""
