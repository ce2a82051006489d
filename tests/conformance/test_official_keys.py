"""Our webhook and the official handler let the same requests in, and read the same in them."""

from __future__ import annotations

import json
import secrets
import time
from typing import TYPE_CHECKING, Any

import pytest

from ingress.sources.webhook.cipher import Cipher
from ingress.sources.webhook.gate import Challenge, Gate
from ingress.sources.webhook.rejected import Rejected
from shared.settings import Webhook
from simulator.webhook.cipher import encrypt
from tests.factories import message
from tests.posted import KEY, TOKEN, challenge, raw, sealed, signed

if TYPE_CHECKING:
    from types import ModuleType

V2 = "im.message.receive_v1"
V1 = "message"


def event(token: str | None = TOKEN) -> bytes:
    said = message()
    said["header"]["token"] = token
    return json.dumps(said).encode()


def first_generation(token: str | None = TOKEN) -> bytes:
    said = {"ts": "1", "uuid": "u", "token": token, "type": "event_callback", "event": {"type": V1}}
    return json.dumps(said).encode()


def official(lark: ModuleType, body: bytes, headers: dict[str, str], **keys: str) -> str:
    """Return what the SDK's handler makes of a request: `taken`, a challenge, or nothing."""
    builder = lark.EventDispatcherHandler.builder(keys.get("key", ""), keys.get("token", ""))
    builder.register_p2_customized_event(V2, lambda _: None)
    builder.register_p1_customized_event(V1, lambda _: None)
    request = lark.RawRequest()
    request.uri, request.body, request.headers = "/", body, headers
    answer = builder.build().do(request)
    if answer.status_code != 200:
        return ""
    return str(json.loads(answer.content).get("challenge", "taken"))


def ours(body: bytes, headers: dict[str, str], *, key: str = "", token: str = "") -> str:
    given: Any = {"encrypt_key": key or None, "verification_token": token or None}
    try:
        admitted = Gate(Webhook(**given)).admit(raw(headers), body)
    except Rejected:
        return ""
    return admitted.words if isinstance(admitted, Challenge) else "taken"


BOTH = {"key": KEY, "token": TOKEN}
CASES: dict[str, tuple[bytes, dict[str, str], str]] = {
    "event": (sealed(event()), BOTH, "taken"),
    "first generation": (sealed(first_generation()), BOTH, "taken"),
    "no token": (sealed(event(None)), BOTH, "taken"),
    "wrong token": (sealed(event("wrong")), BOTH, ""),
    "empty token": (sealed(event("")), BOTH, ""),
    "wrong token of the first generation": (sealed(first_generation("wrong")), BOTH, ""),
    "challenge": (sealed(challenge()), BOTH, "say this"),
    "challenge, wrong token": (sealed(challenge(token="wrong")), BOTH, ""),
    "another key": (sealed(event(), "another"), BOTH, ""),
    "plain event": (event(), {"token": TOKEN}, "taken"),
    "plain event of the first generation": (first_generation(), {"token": TOKEN}, "taken"),
    "plain event, wrong token": (event("wrong"), {"token": TOKEN}, ""),
    "plain event, no token": (event(None), {"token": TOKEN}, ""),
    "plain challenge": (challenge(), {"token": TOKEN}, "say this"),
    "plain challenge, wrong token": (challenge(token="wrong"), {"token": TOKEN}, ""),
    "encrypted, and we have no key": (sealed(event()), {"token": TOKEN}, ""),
    "not JSON": (b"{", BOTH, ""),
    "not base64": (b'{"encrypt": "?"}', BOTH, ""),
}


@pytest.mark.parametrize("case", CASES)
def test_signed_request_is_taken_by_both_or_by_neither(lark: ModuleType, case: str) -> None:
    body, keys, expected = CASES[case]
    headers = signed(body)

    assert official(lark, body, headers, **keys) == expected
    assert ours(body, headers, **keys) == expected


@pytest.mark.parametrize("name", list(signed(b"")))
def test_header_that_was_changed_is_refused_by_both(lark: ModuleType, name: str) -> None:
    body = sealed(event())
    headers = signed(body) | {name: str(int(time.time()) + 1)}

    assert official(lark, body, headers, **BOTH) == ""
    assert ours(body, headers, **BOTH) == ""


@pytest.mark.parametrize("length", [0, 1, 15, 16, 17, 1000])
def test_ciphertext_is_read_alike(lark: ModuleType, length: int) -> None:
    key, payload = secrets.token_hex(), secrets.token_hex(500)[:length].encode()
    ciphertext = encrypt(payload, key)

    assert lark.AESCipher(key).decrypt_str(ciphertext) == payload.decode()
    assert Cipher(key).decrypt(ciphertext) == payload


def test_signature_of_yesterday_is_refused_by_us_alone(lark: ModuleType) -> None:
    body = sealed(event())
    headers = signed(body, at=time.time() - 24 * 3600)

    assert official(lark, body, headers, **BOTH) == "taken"
    assert ours(body, headers, **BOTH) == ""
