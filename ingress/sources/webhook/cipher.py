"""The Encrypt Key at work: what is posted is encrypted with it and signed with it (facts 6)."""

from __future__ import annotations

import base64
import hashlib
from http import HTTPStatus

from Crypto.Cipher import AES
from Crypto.Util.Padding import unpad

from ingress.sources.webhook.rejected import Rejected

# The library reads more of itself from disk when a mode is first used: now, not on the loop.
AES.new(bytes(32), AES.MODE_CBC, bytes(AES.block_size))


class Cipher:
    """AES-256-CBC under the key's SHA-256; and a SHA-256 that only who knows the key can write."""

    def __init__(self, encrypt_key: str) -> None:
        self._encrypt_key = encrypt_key.encode()
        self._aes_key = hashlib.sha256(self._encrypt_key).digest()

    def signature(self, timestamp: bytes, nonce: bytes, body: bytes) -> bytes:
        signed = hashlib.sha256(timestamp + nonce + self._encrypt_key + body)
        return signed.hexdigest().encode()

    def decrypt(self, sealed: str) -> bytes:
        """Return what is in the base64 of an IV and a ciphertext.

        Raises:
            Rejected: `undecipherable`: the key is another one, or it is no ciphertext.
        """
        try:
            raw = base64.b64decode(sealed, validate=True)
            iv, ciphertext = raw[: AES.block_size], raw[AES.block_size :]
            padded = AES.new(self._aes_key, AES.MODE_CBC, iv).decrypt(ciphertext)
            return unpad(padded, AES.block_size)
        except ValueError as error:
            raise Rejected("undecipherable", HTTPStatus.UNAUTHORIZED) from error
