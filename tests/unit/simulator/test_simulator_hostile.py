"""Whatever a client sends, the simulator is there for the next one."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import closing, suppress
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.gateway.frames import Frame, encode
from tests.eventually import PATIENCE, eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = {"AppID": "cli_a1b2c3d4e5f60718", "AppSecret": "simulated-secret"}
TRIED = settings(
    max_examples=60,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
POSTS = (
    "/callback/ws/endpoint",
    "/_sim/messages",
    "/_sim/split",
    "/_sim/redeliver",
    "/_sim/press",
    "/_sim/recall",
    "/_sim/react",
    "/_sim/read",
    "/_sim/faults",
    "/_sim/config",
    "/_sim/burst",
    "/_sim/events",
    "/_sim/events/approval_instance",
    "/_sim/events/card.action.trigger",
    "/_sim/events/contact.user.created_v3",
    "/_sim/events/im.message.receive_v1",
)
FIELDS = (
    *("AppID", "AppSecret", "action", "chat", "content", "count", "duration", "emoji", "flag"),
    *("file_key", "image_key", "kind", "message_id", "message_ids", "name", "order", "parts"),
    *("rate", "reply_to", "status", "text", "thread", "title", "type", "user", "v1", "where"),
)
WORDS = ("alice", "team", "p2p", "text", "post", "merge_forward", "location", "slow", "new")
TEXT = st.text(st.characters())
"""Half surrogate pairs too: JSON can say them."""
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT | st.sampled_from(FIELDS), inner),
    max_leaves=8,
)
BODY = st.dictionaries(st.sampled_from(FIELDS), JSON | st.sampled_from(WORDS))
HEADERS = st.dictionaries(
    st.sampled_from(["type", "message_id", "sum", "seq"]), st.text(max_size=20), max_size=4
)
FRAMES = st.builds(
    lambda method, headers, payload: encode(Frame(method=method, headers=headers, payload=payload)),
    st.integers(-1, 9),
    HEADERS | st.just({"type": "ping"}),
    st.binary(max_size=200),
)


class Victim:
    """A simulator in a process of its own."""

    def __init__(self, url: str, process: subprocess.Popen[str]) -> None:
        self.url = url
        self.process = process
        self.address = (urlsplit(url).hostname, urlsplit(url).port)

    def status(self, path: str, body: bytes) -> int:
        asked = urllib.request.Request(self.url + path, body, method="POST")
        try:
            with urllib.request.urlopen(asked, timeout=PATIENCE) as response:
                status: int = response.status
                return status
        except urllib.error.HTTPError as error:
            error.close()
            return error.code

    def is_well(self) -> bool:
        with urllib.request.urlopen(f"{self.url}/_sim/health", timeout=PATIENCE) as response:
            well: bool = json.load(response)["status"] == "ok"
            return well

    def connections(self) -> int:
        with urllib.request.urlopen(f"{self.url}/_sim/health", timeout=PATIENCE) as response:
            connections: int = json.load(response)["connections"]
            return connections

    def tcp(self) -> socket.socket:
        return socket.create_connection(self.address, timeout=PATIENCE)

    def websocket(self) -> socket.socket:
        """Open a long connection by hand, with nothing between the test and the bytes."""
        asked = urllib.request.Request(
            f"{self.url}/callback/ws/endpoint", json.dumps(APP).encode(), method="POST"
        )
        with urllib.request.urlopen(asked, timeout=PATIENCE) as response:
            place = urlsplit(json.load(response)["data"]["URL"])
        connection = self.tcp()
        connection.sendall(
            f"GET {place.path}?{place.query} HTTP/1.1\r\nHost: simulator\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n".encode()
        )
        assert b" 101 " in connection.recv(4096)
        return connection


def frame(opcode: int, payload: bytes, *, final: bool = True) -> bytes:
    """Encode a client's WebSocket frame, masked with zeros."""
    size = len(payload)
    first = bytes([(128 if final else 0) | opcode])
    length = bytes([128 | size]) if size < 126 else bytes([254]) + size.to_bytes(2, "big")
    return first + length + bytes(4) + payload


@pytest.fixture(scope="module")
def victim() -> Iterator[Victim]:
    arguments = [sys.executable, "-m", "simulator", "--port=0", "--keep=500", "--ack-deadline=0.1"]
    clean = {name: value for name, value in os.environ.items() if "SIMULATOR_" not in name}
    process = subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=clean
    )
    assert process.stdout
    with process.stdout as printed:
        yield Victim(printed.readline().split()[-1], process)
        process.terminate()
        assert process.wait(timeout=PATIENCE) == 0


@TRIED
@given(st.lists(st.binary(max_size=300) | FRAMES, max_size=5))
def test_garbage_in_binary_messages_ends_nothing(victim: Victim, messages: list[bytes]) -> None:
    with closing(victim.websocket()) as connection:
        for message in messages:
            connection.sendall(frame(2, message))
        connection.sendall(frame(9, b"alive?"))

        read = b""
        while b"alive?" not in read:
            read += connection.recv(65536)

    assert victim.is_well()


@TRIED
@given(st.lists(st.binary(max_size=300), max_size=5))
def test_garbage_instead_of_websocket_frames_ends_one_connection(
    victim: Victim, garbage: list[bytes]
) -> None:
    with closing(victim.websocket()) as connection, suppress(ConnectionError):
        for each in garbage:
            connection.sendall(each)

    assert victim.is_well()


@TRIED
@given(st.binary(max_size=500))
def test_garbage_instead_of_http_ends_one_connection(victim: Victim, garbage: bytes) -> None:
    with closing(victim.tcp()) as connection, suppress(ConnectionError):
        connection.sendall(garbage)

    assert victim.is_well()


@TRIED
@given(st.text(st.characters(codec="ascii", exclude_characters="\r\n")), st.text(max_size=40))
def test_garbage_handshakes_are_refused(victim: Victim, header: str, ticket: str) -> None:
    quoted = quote(ticket)
    with closing(victim.tcp()) as connection, suppress(ConnectionError):
        connection.sendall(
            f"GET /ws/v2?ticket={quoted} HTTP/1.1\r\nHost: simulator\r\n"
            f"Sec-WebSocket-Key: {header}\r\nUpgrade: websocket\r\n\r\n".encode()
        )
        assert b" 101 " not in connection.recv(4096)

    assert victim.is_well()


@TRIED
@given(st.sampled_from(POSTS), BODY.map(lambda body: json.dumps(body).encode()) | st.binary())
def test_no_body_makes_it_fail(victim: Victim, path: str, body: bytes) -> None:
    assert victim.status(path, body) < 500


@pytest.mark.parametrize("path", POSTS)
def test_half_a_surrogate_pair_makes_nothing_fail(victim: Victim, path: str) -> None:
    half = {"user": "alice", "text": "hi", "content": {}}
    bodies = [{**more, field: "\ud83d"} for field in FIELDS for more in (half, {})]

    statuses = {victim.status(path, json.dumps(body).encode()) for body in bodies}

    assert max(statuses) < 500


@pytest.mark.parametrize("path", ["/_sim/messages", "/_sim/faults", "/callback/ws/endpoint"])
def test_bottomless_json_is_refused(victim: Victim, path: str) -> None:
    assert victim.status(path, b"[" * 100_000) == 400
    assert victim.status(path, b'{"a":' * 100_000) == 400


def test_endless_body_is_cut_off(victim: Victim) -> None:
    chunk = b"100000\r\n" + bytes(0x100000) + b"\r\n"
    with closing(victim.tcp()) as connection:
        connection.sendall(
            b"POST /_sim/events HTTP/1.1\r\nHost: simulator\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        with suppress(ConnectionError):
            for _ in range(200):
                connection.sendall(chunk)
        with suppress(ConnectionError):
            assert b" 413 " in connection.recv(4096)

    assert victim.is_well()


def test_endless_websocket_message_is_cut_off(victim: Victim) -> None:
    opening, part = (frame(opcode, bytes(60_000), final=False) for opcode in (2, 0))
    with closing(victim.websocket()) as connection:
        connection.sendall(opening)
        with pytest.raises(ConnectionError):
            connection.sendall(part * 2_000)

    assert victim.is_well()


def test_endless_headers_are_cut_off(victim: Victim) -> None:
    with closing(victim.tcp()) as connection, suppress(ConnectionError):
        connection.sendall(b"GET /_sim/health HTTP/1.1\r\n")
        for _ in range(10_000):
            connection.sendall(b"X-Header: " + bytes(1_000).hex().encode() + b"\r\n")

    assert victim.is_well()


def test_thousand_sockets_are_nothing(victim: Victim) -> None:
    idle = [victim.tcp() for _ in range(800)]
    handshakes = [victim.tcp() for _ in range(200)]
    for connection in handshakes:
        ticket = secrets.token_hex(8)
        connection.sendall(
            f"GET /ws/v2?ticket={ticket} HTTP/1.1\r\nHost: simulator\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n".encode()
        )

    well = victim.is_well()

    assert well
    assert all(b" 400 " in connection.recv(4096) for connection in handshakes)
    for connection in (*idle, *handshakes):
        connection.close()


def test_client_that_reads_nothing_costs_a_bounded_amount(victim: Victim) -> None:
    with closing(victim.websocket()) as connection, suppress(ConnectionError):
        ping = frame(2, encode(Frame(method=0, headers={"type": "ping"})))
        for _ in range(2_000):
            connection.sendall(ping * 50)

    assert victim.is_well()
    eventually(lambda: victim.connections() == 0)
