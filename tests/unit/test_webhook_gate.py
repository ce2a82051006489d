from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from ingress.sources.webhook.cipher import Cipher
from ingress.sources.webhook.gate import Challenge, Gate
from ingress.sources.webhook.rejected import Rejected
from shared.settings import Webhook
from tests.factories import message, payload
from tests.posted import KEY, TOKEN, challenge, raw, sealed, signed

if TYPE_CHECKING:
    from collections.abc import Mapping

NOW = 1_774_004_597.0
HOUR = 3600.0


def gate(**settings: Any) -> Gate:
    both = {"encrypt_key": KEY, "verification_token": TOKEN}
    return Gate(Webhook(**(settings or both)), now=lambda: NOW)


def said(token: object = TOKEN) -> bytes:
    event = message()
    event["header"]["token"] = token
    return payload(event)


def headers(body: bytes, key: str = KEY, at: float = NOW) -> dict[bytes, bytes]:
    return raw(signed(body, key, at=at))


def why_not(at: Gate, body: bytes, given: Mapping[bytes, bytes]) -> tuple[str, int]:
    with pytest.raises(Rejected) as caught:
        at.admit(given, body)
    return caught.value.reason, caught.value.status


def test_documented_ciphertext_is_read() -> None:
    sealed = "P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk="

    assert Cipher("test key").decrypt(sealed) == b"hello world"


def test_signed_event_is_admitted_as_it_was_before_encryption() -> None:
    body = sealed(said())

    admitted = gate().admit(headers(body), body)

    assert isinstance(admitted, bytes)
    assert json.loads(admitted)["header"]["token"] == TOKEN


@pytest.mark.parametrize("settings", [{"verification_token": TOKEN}, {"insecure": True}])
def test_plain_event_is_admitted_without_an_encrypt_key(settings: dict[str, Any]) -> None:
    body = said()

    assert gate(**settings).admit({}, body) == body


def test_first_generation_event_has_its_token_outside() -> None:
    body = b'{"uuid": "1", "token": "%s", "event": {"type": "message"}}' % TOKEN.encode()

    assert gate(verification_token=TOKEN).admit({}, body) == body


def test_half_a_surrogate_pair_does_not_cost_the_message() -> None:
    body = sealed(said().replace(b"hello", b"half a \\\\ud83d pair"))

    assert gate().admit(headers(body), body)


@pytest.mark.parametrize("token", ["", "wrong", TOKEN + "x", 7, ["a"], {}, "\ud83d"])
def test_event_with_another_token_is_rejected(token: object) -> None:
    body = sealed(said(token))

    assert why_not(gate(), body, headers(body)) == ("bad_token", 401)
    assert why_not(gate(verification_token=TOKEN), said(token), {}) == ("bad_token", 401)


def test_event_without_a_token_needs_a_signature() -> None:
    body = sealed(said(None))

    assert gate().admit(headers(body), body)
    assert why_not(gate(verification_token=TOKEN), said(None), {}) == ("bad_token", 401)


def test_token_outside_does_not_count_for_one_that_is_missing_in_the_header() -> None:
    event = {**message(), "token": TOKEN}
    del event["header"]["token"]

    assert why_not(gate(verification_token=TOKEN), payload(event), {}) == ("bad_token", 401)


@pytest.mark.parametrize("shift", [8 * HOUR, -8 * HOUR, 0.0])
def test_signature_counts_for_as_long_as_the_ladder_lasts(shift: float) -> None:
    body = sealed(said())

    assert gate().admit(headers(body, at=NOW + shift), body)


@pytest.mark.parametrize("shift", [8 * HOUR + 1, -8 * HOUR - 1])
def test_signature_outside_of_the_window_is_stale(shift: float) -> None:
    body = sealed(said())

    assert why_not(gate(), body, headers(body, at=NOW + shift)) == ("stale", 401)


@pytest.mark.parametrize("timestamp", [b"", b"yesterday", b"1_774_004_597", b"-1", b"1" * 5000])
def test_timestamp_that_is_none_is_stale(timestamp: bytes) -> None:
    body = sealed(said())
    given = headers(body)
    given[b"x-lark-request-timestamp"] = timestamp
    given[b"x-lark-signature"] = Cipher(KEY).signature(timestamp, b"950646929", body)

    assert why_not(gate(), body, given) == ("stale", 401)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (b"x-lark-signature", b"0" * 64),
        (b"x-lark-signature", b"\xff"),
        (b"x-lark-request-nonce", b"950646928"),
        (b"x-lark-request-timestamp", b"%d" % (NOW + 1)),
    ],
)
def test_header_that_was_changed_is_a_bad_signature(name: bytes, value: bytes) -> None:
    body = sealed(said())
    given = headers(body) | {name: value}

    assert why_not(gate(), body, given) == ("bad_signature", 401)


def test_signature_is_over_the_very_bytes_that_came() -> None:
    body = sealed(said())

    assert why_not(gate(), body + b" ", headers(body)) == ("bad_signature", 401)


def test_signature_with_another_key_is_bad() -> None:
    body = sealed(said(), "another key")

    reason, status = why_not(gate(), body, headers(body, "another key"))

    assert (reason, status) == ("undecipherable", 401)


def test_event_without_a_signature_is_rejected() -> None:
    assert why_not(gate(), sealed(said()), {}) == ("unsigned", 401)


def test_challenge_needs_no_signature() -> None:
    assert gate().admit({}, sealed(challenge())) == Challenge("say this")


def test_plain_challenge_is_admitted_without_an_encrypt_key() -> None:
    assert gate(verification_token=TOKEN).admit({}, challenge()) == Challenge("say this")


def test_challenge_is_admitted_whatever_its_signature() -> None:
    body = sealed(challenge())

    assert gate().admit(headers(body), body) == Challenge("say this")
    assert gate().admit(headers(b"", at=0.0), body) == Challenge("say this")


@pytest.mark.parametrize(
    ("body", "because"),
    [
        (sealed(challenge(token="wrong")), ("bad_token", 401)),
        (sealed(b'{"type": "url_verification", "challenge": "a"}'), ("bad_token", 401)),
        (sealed(challenge(words=7)), ("no_challenge", 400)),
        (challenge(), ("not_encrypted", 401)),
        (sealed(challenge(), "another key"), ("undecipherable", 401)),
    ],
    ids=["wrong token", "no token", "no challenge", "plain", "another key"],
)
def test_challenge_of_somebody_else_is_rejected(body: bytes, because: tuple[str, int]) -> None:
    assert why_not(gate(), body, {}) == because


@pytest.mark.parametrize(
    "body",
    [
        *(
            b"",
            b"\xff",
            b"[]",
            b"{}",
            b'{"encrypt": 7}',
            b'{"encrypt": ""}',
            b'{"encrypt": "AAAA"}',
        ),
        *(sealed(b"not json"), sealed(b"[]"), sealed(b""), sealed(said())),
    ],
    ids=[
        *("empty", "not text", "list", "object", "number", "nothing", "short"),
        *("sealed text", "sealed list", "sealed nothing", "sealed event"),
    ],
)
def test_stranger_learns_nothing_from_what_he_is_answered(body: bytes) -> None:
    assert why_not(gate(), body, {})[1] == 401


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"\xff", "not_json"),
        (b"[" * 100_000, "not_json"),
        (b"[]", "not_an_object"),
        (b"{}", "not_encrypted"),
        (sealed(b"not json"), "not_json"),
        (sealed(b"[]"), "not_an_object"),
    ],
    ids=["not text", "deep", "list", "object", "sealed text", "sealed list"],
)
def test_signed_body_that_cannot_be_read_is_a_bad_request(body: bytes, reason: str) -> None:
    assert why_not(gate(), body, headers(body)) == (reason, 400)


def test_encrypted_body_is_told_from_an_event_where_there_is_no_key() -> None:
    assert why_not(gate(insecure=True), sealed(said()), {}) == ("encrypted", 400)
