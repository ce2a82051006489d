"""The encryption and the signature of what is posted.

event-subscription-guide/callback-subscription/receive-and-handle-callbacks, facts 6.
"""

from __future__ import annotations

import base64
import hashlib
import secrets

from Crypto.Cipher import AES
from Crypto.Util.Padding import pad


def encrypt(payload: bytes, encrypt_key: str, iv: bytes | None = None) -> str:
    """Return the base64 of iv and AES-256-CBC, the key being the key's SHA-256."""
    iv = iv or secrets.token_bytes(AES.block_size)
    key = hashlib.sha256(encrypt_key.encode()).digest()
    cipher = AES.new(key, AES.MODE_CBC, iv)
    return base64.b64encode(iv + cipher.encrypt(pad(payload, AES.block_size))).decode()


def signature(timestamp: str, nonce: str, encrypt_key: str, body: bytes) -> str:
    return hashlib.sha256((timestamp + nonce + encrypt_key).encode() + body).hexdigest()
