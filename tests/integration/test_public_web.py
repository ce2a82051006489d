"""Fetching what a model wrote a URL of: nothing inside is reached, nothing is without end."""

from __future__ import annotations

import asyncio
import gzip
import ssl
import zlib
from typing import TYPE_CHECKING

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import NotFetched
from shared.feishu.public_web import public_web
from tests.eventually import soon
from tests.integration.web import (
    LOOPBACK,
    METADATA,
    MIB,
    PICTURE,
    Names,
    Web,
    found,
    ok,
    opened,
    reason,
    speaking,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    async with speaking(Web()) as web:
        yield web


@pytest.fixture
def vouched_by_nobody() -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    trustme.CA().issue_cert("pictures.example").configure_cert(context)
    return context


async def test_what_a_url_leads_to_is_returned(web: Web) -> None:
    web.says["/a.png"] = ok()

    async with opened(web) as public:
        fetched = await public.fetch(web.url("/a.png", "pictures.example"))

    assert fetched == PICTURE


async def test_server_learns_nothing_but_the_url(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    web.says["/1"] = found("/2").replace(b"\r\n\r\n", b"\r\nSet-Cookie: a=b\r\n\r\n")
    web.says["/2"] = ok()

    async with opened(web) as public:
        await public.fetch(web.url("/1", "pictures.example"))

    names = {line.split(":")[0] for head in web.heard for line in head.split("\r\n")[1:] if line}
    assert names == {"Host", "Accept", "Accept-Encoding", "Connection", "User-Agent"}
    assert all("identity" in head for head in web.heard)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://pictures.example/a.png",
        "file:///etc/passwd",
        "data:image/png;base64,AAAA",
        "//pictures.example/a.png",
        "/a.png",
        "",
        "http://",
        "http://user@pictures.example/",
        "http://user:secret@pictures.example/",
        "http://pictures.example:99999/",
        "http://[::1/",
    ],
)
async def test_what_is_no_plain_web_url_is_not_tried(web: Web, url: str) -> None:
    async with opened(web) as public:
        assert await public.refusal(url) == "url"

        assert public.names.asked == []


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "017700000001",
        "0177.0.0.1",
        "0x7f000001",
        "127.0.0.1.",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fe80::1%25lo]",
        "169.254.169.254",
        "100.100.100.200",
        "０.０.０.０",  # noqa: RUF001 - full-width digits, as a model may be made to write them
        "①②⑦.⓪.⓪.①",
    ],
)
async def test_address_that_is_not_public_is_not_connected_to(host: str) -> None:
    async with public_web() as public:
        assert await reason(public, f"http://{host}/latest/meta-data") == "address"


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST"])
async def test_name_of_this_machine_is_not_connected_to(name: str) -> None:
    async with public_web() as public:
        assert await reason(public, f"http://{name}/") == "address"


async def test_one_address_inside_among_public_ones_refuses_the_name(web: Web) -> None:
    async with opened(web, [LOOPBACK, METADATA]) as public:
        assert await public.refusal(web.url("/a.png", "pictures.example")) == "address"

    assert web.heard == []


async def test_name_is_looked_up_once_for_a_connection(web: Web) -> None:
    web.says["/a.png"] = ok()

    async with opened(web, [LOOPBACK], [METADATA]) as public:
        fetched = await public.fetch(web.url("/a.png", "rebinding.example"))

        assert fetched == PICTURE
        assert public.names.asked == ["rebinding.example"]


async def test_name_that_leads_elsewhere_after_a_redirect_is_looked_at_again(web: Web) -> None:
    web.says["/1"] = found("/2")
    web.says["/2"] = ok()

    async with opened(web, [LOOPBACK], [METADATA]) as public:
        assert await public.refusal(web.url("/1", "rebinding.example")) == "address"

    assert len(web.heard) == 1


@pytest.mark.parametrize("port", [22, 6379, 8080])
async def test_port_that_is_not_the_webs_is_not_connected_to(web: Web, port: int) -> None:
    async with public_web(resolver=Names(["8.8.8.8"])) as public:
        assert await reason(public, f"http://pictures.example:{port}/") == "address"
        assert await reason(public, f"http://8.8.8.8:{port}/") == "address"


async def test_name_that_nobody_knows_is_said_to_be_unknown(web: Web) -> None:
    async with opened(web, []) as public:
        assert await public.refusal("http://nowhere.example/") == "name"
        assert await public.refusal(f"http://{'a' * 64}.example/") == "name"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_three_redirects_are_followed(web: Web, status: int) -> None:
    web.says |= {f"/{n}": found(f"{n + 1}", status) for n in range(3)}
    web.says["/3"] = ok()

    async with opened(web) as public:
        assert await public.fetch(web.url("/0")) == PICTURE


async def test_a_fourth_redirect_is_not_followed(web: Web) -> None:
    web.says |= {f"/{n}": found(f"{n + 1}") for n in range(4)}
    web.says["/4"] = ok()

    async with opened(web) as public:
        assert await public.refusal(web.url("/0")) == "redirects"

    assert len(web.heard) == 4


@pytest.mark.parametrize(
    ("location", "why"),
    [
        (f"http://{METADATA}/latest/meta-data", "address"),
        ("http://[::1]/", "address"),
        ("//10.0.0.1/", "address"),
        ("file:///etc/passwd", "url"),
        ("http://user:secret@pictures.example/", "url"),
        ("http://pictures.example:6379/", "address"),
        ("http://[", "url"),
    ],
)
async def test_redirect_is_looked_at_like_a_url(web: Web, location: str, why: str) -> None:
    web.says["/1"] = found(location)

    async with opened(web) as public:
        assert await public.refusal(web.url("/1")) == why

    assert len(web.heard) == 1


@pytest.mark.parametrize(
    "status", ["204 No Content", "206 Partial", "304 Same", "404 No", "503 No"]
)
async def test_answer_other_than_200_is_no_content(web: Web, status: str) -> None:
    web.says["/a.png"] = f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode()

    async with opened(web) as public:
        assert await public.refusal(web.url("/a.png")) == "status"


async def test_body_may_be_as_long_as_is_wanted_and_no_longer(web: Web) -> None:
    web.says["/a.png"] = ok(bytes(1000))

    async with opened(web) as public:
        assert len(await public.web.fetch(web.url("/a.png"), at_most=1000)) == 1000
        assert await reason(public.web, web.url("/a.png"), at_most=999) == "large"


@pytest.mark.parametrize("length", ["Transfer-Encoding: chunked\r\n", ""])
async def test_endless_body_is_left_in_the_middle(web: Web, length: str) -> None:
    web.says["/endless"] = f"HTTP/1.1 200 OK\r\n{length}\r\n".encode()
    web.goes_on["/endless"] = b"4000\r\n" + bytes(0x4000) + b"\r\n"

    async with opened(web) as public:
        assert await public.refusal(web.url("/endless")) == "large"

        await soon(lambda: asyncio.sleep(0, web.left))


@pytest.mark.parametrize("path", ["/silent/from-the-start", "/silent/in-the-body"])
async def test_slow_server_is_left_in_time(web: Web, path: str) -> None:
    web.says = {"/silent/from-the-start": b"", "/silent/in-the-body": ok()[:-5]}

    async with opened(web, timeout=0.2) as public:
        assert await public.refusal(web.url(path)) == "slow"

        await soon(lambda: asyncio.sleep(0, web.left))


async def test_one_clock_runs_over_all_redirects(web: Web) -> None:
    web.says = {"/1": found("/silent"), "/silent": b""}

    async with opened(web, timeout=0.2) as public:
        assert await public.refusal(web.url("/1")) == "slow"


async def test_server_that_hangs_up_in_the_middle_gave_nothing(web: Web) -> None:
    web.says = {"/a.png": ok()[:-5], "/nothing": b"", "/noise": b"SSH-2.0-OpenSSH_9.6\r\n"}

    async with opened(web) as public:
        reasons = [await public.refusal(web.url(path)) for path in web.says]

    assert reasons == ["broken", "unreachable", "broken"]


async def test_closed_port_is_unreachable(web: Web) -> None:
    async with opened(web) as public:
        assert await public.refusal("http://pictures.example:80/") == "unreachable"


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "GZIP"])
async def test_body_is_inflated_though_it_was_not_asked_for(web: Web, encoding: str) -> None:
    body = gzip.compress(PICTURE) if encoding.lower() == "gzip" else zlib.compress(PICTURE)
    web.says["/a.png"] = ok(body, f"Content-Encoding: {encoding}")

    async with opened(web) as public:
        assert await public.fetch(web.url("/a.png")) == PICTURE


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip"])
async def test_encoding_that_is_not_known_is_not_decoded(web: Web, encoding: str) -> None:
    web.says["/a.png"] = ok(PICTURE, f"Content-Encoding: {encoding}")

    async with opened(web) as public:
        assert await public.refusal(web.url("/a.png")) == "encoding"


async def test_bomb_is_inflated_no_further_than_is_wanted(web: Web) -> None:
    web.says["/bomb"] = ok(gzip.compress(bytes(64 * MIB), 9), "Content-Encoding: gzip")

    async with opened(web) as public:
        assert await public.refusal(web.url("/bomb")) == "large"


@pytest.mark.parametrize(
    "body", [gzip.compress(PICTURE)[:-5], b"not deflated"], ids=["half", "not deflated"]
)
async def test_half_of_what_was_deflated_is_broken(web: Web, body: bytes) -> None:
    web.says["/a.png"] = ok(body, "Content-Encoding: gzip")

    async with opened(web) as public:
        assert await public.refusal(web.url("/a.png")) == "broken"


async def test_server_that_no_authority_vouches_for_is_unreachable(
    vouched_by_nobody: ssl.SSLContext,
) -> None:
    async with speaking(Web(), ssl=vouched_by_nobody) as web, opened(web) as public:
        url = web.url("/a.png", "pictures.example").replace("http:", "https:")

        assert await public.refusal(url) == "unreachable"


def test_message_does_not_tell_the_url() -> None:
    assert str(NotFetched("status", "HTTP 404")) == "status: HTTP 404"


@given(st.text() | st.from_regex(r"https?://[^/]{0,30}(:\d{0,6})?/.{0,20}"))
def test_any_text_is_a_url_or_refused(url: str) -> None:
    async def attempt() -> str:
        async with public_web(resolver=Names([METADATA])) as public:
            return await reason(public, url)

    assert asyncio.run(attempt()) in {"url", "address", "name"}
