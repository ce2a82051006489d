from __future__ import annotations

import contextlib
import ipaddress
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kombu import Connection

from shared.errors import ConfigurationError
from shared.store import broker
from shared.store.address import Address, Login, Place, Server, Socket, Watched
from shared.store.redis_url import read

many = settings(max_examples=300, deadline=None)

SCHEMES = st.sampled_from(["redis", "rediss", "unix", "sentinel"])
CLAIMED = st.sampled_from("/?#@:%[];,& \t\n\\é")
HOSTS = st.from_regex(r"[a-z0-9_-]{1,20}(\.[a-z0-9_-]{1,20}){0,3}", fullmatch=True)
PLACES = st.builds(
    Place,
    HOSTS | st.ip_addresses(v=6).map(lambda v6: str(ipaddress.ip_address(v6))),
    st.integers(1, 65535),
)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
LOGINS = st.just(Login()) | st.builds(Login, st.none() | TEXT, TEXT)
DBS = st.integers(0, 99_999)
SERVERS = st.builds(Server, PLACES, DBS, LOGINS)
WATCHED = st.builds(
    Watched,
    st.lists(PLACES, min_size=1, max_size=5).map(tuple),
    st.from_regex(r"[A-Za-z0-9._-]{1,20}", fullmatch=True),
    DBS,
    LOGINS,
)
SOCKETS = st.builds(Socket, st.just("/run/redis server/r@1.sock"), DBS, LOGINS)


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("redis://localhost", Server(Place("localhost", 6379))),
        ("redis://10.0.0.7:7000/3", Server(Place("10.0.0.7", 7000), 3)),
        ("redis://[::1]:7000/", Server(Place("::1", 7000))),
        ("redis://h?db=4", Server(Place("h", 6379), 4)),
        (" redis://h/1\n", Server(Place("h", 6379), 1)),
        ("redis://:p%40ss@h", Server(Place("h", 6379), login=Login(None, "p@ss"))),
        ("redis://me:secret@h", Server(Place("h", 6379), login=Login("me", "secret"))),
        ("unix:///run/redis.sock", Socket("/run/redis.sock")),
        ("unix://:pw@/run/r.sock?db=2", Socket("/run/r.sock", 2, Login(None, "pw"))),
        ("unix:///r.sock?db=2&password=pw", Socket("/r.sock", 2, Login(None, "pw"))),
        ("sentinel://s/mymaster", Watched((Place("s", 26379),), "mymaster")),
        (
            "sentinel://u:p@a:1,b,[::1]:2/my-master.1/5?sentinel_password=q",
            Watched(
                (Place("a", 1), Place("b", 26379), Place("::1", 2)),
                "my-master.1",
                5,
                Login("u", "p"),
                Login(None, "q"),
            ),
        ),
    ],
)
def test_url_is_read(url: str, address: Address) -> None:
    assert read(url) == address


def test_certificates_are_checked_unless_the_url_says_otherwise() -> None:
    strict, lax = read("rediss://h"), read("rediss://h?ssl_cert_reqs=none&ssl_check_hostname=False")

    assert broker.tls(strict) == {"ssl_cert_reqs": "required", "ssl_check_hostname": True}
    assert broker.tls(lax) == {"ssl_cert_reqs": "none", "ssl_check_hostname": False}
    assert broker.tls(read("redis://h")) is False


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "does not begin with redis://"),
        ("localhost:6379", "does not begin with redis://"),
        ("http://localhost", "does not begin with redis://"),
        ("redis://", "names no host"),
        ("redis://:1234", "names no host"),
        ("redis://a,b", "names no host"),
        ("redis://h:port", "names no host"),
        ("redis://h:0", "port"),
        ("redis://h:65536", "port"),
        ("redis://[::g]", "IPv6"),
        ("redis://h/zero", "database"),
        ("redis://h?db=-1", "database"),
        ("redis://h?socket_timeout=1", "none of db"),
        ("redis://h?db", "name=value"),
        ("redis://hush@h", "a user but no password"),
        ("redis://:a/b@h", "before the @"),
        ("redis://:a?b@h", "before the @"),
        ("redis://:a#b@h", "percent-encode"),
        ("redis://:a b@h", "percent-encode"),
        ("rediss://h?ssl_cert_reqs=maybe", "ssl_cert_reqs"),
        ("rediss://h?ssl_check_hostname=maybe", "ssl_check_hostname"),
        ("unix://run/redis.sock", "names no socket"),
        ("unix://", "names no socket"),
        ("sentinel://h", "names no master"),
        ("sentinel:///m", "names no host"),
        ("sentinel://a,,b/m", "names no host"),
        ("sentinel://h/m/x", "database"),
        ("sentinels://h/m", "not supported over TLS"),
        ("redis+sentinel://h/m", "sentinel://host:26379/MASTER"),
        ("redis+cluster://h", "Redis Cluster is not supported"),
        ("rediscluster://h", "Redis Cluster is not supported"),
        ("rediss+cluster://h", "Redis Cluster is not supported"),
    ],
)
def test_bad_url_gets_one_line_that_says_what_is_wrong(url: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read(url)

    (line,) = str(caught.value).splitlines()
    assert line.startswith("REDIS_URL: ")
    assert said in line


@many
@given(st.text() | st.builds("{}://{}".format, SCHEMES, st.text()))
def test_any_text_is_an_address_or_a_configuration_error(text: str) -> None:
    with contextlib.suppress(ConfigurationError):
        read(text)


@many
@given(
    SCHEMES | st.sampled_from(["", "rediss+cluster", "sentinels", "redis:"]),
    st.lists(CLAIMED, max_size=5).map("".join),
    st.sampled_from(["@h/0", "@a:1,b:2/m/0", "@/run/r.sock", "@h/0?x=y", "@", "@h:x", "@[/"]),
)
def test_whatever_a_password_holds_it_is_not_shown(scheme: str, claimed: str, rest: str) -> None:
    try:
        address = read(f"{scheme}://user:hush{claimed}hush{rest}")
    except ConfigurationError as error:
        shown = str(error) + repr(error) + repr(error.__cause__)
    else:
        shown = str(address) + repr(address)

    assert "hush" not in shown
    assert "user:" not in shown


@many
@given(SERVERS | WATCHED | SOCKETS)
def test_address_written_as_a_url_is_read_as_it_was(address: Address) -> None:
    written = str(address).replace(" ", "%20").replace("@", "%40")
    scheme, _, rest = written.partition("://")

    assert read(f"{scheme}://{_written(address.login)}{rest}") == address


@many
@given(SERVERS | WATCHED)
def test_celery_is_led_to_the_same_place_with_the_same_login(address: Server | Watched) -> None:
    found = Connection(broker.url(address), transport_options=broker.options(address))

    assert (found.userid, found.password) == (address.login.username, address.login.password)
    assert int(found.virtual_host) == address.db
    if isinstance(address, Server):
        assert (found.hostname, found.port) == (address.place.host.lower(), address.place.port)
    else:
        assert len(found.alt) in {0, len(address.sentinels)}
        assert found.transport_options["master_name"] == address.master


def _written(login: Login) -> str:
    if login.password is None:
        return ""
    return f"{quote(login.username or '', safe='')}:{quote(login.password, safe='')}@"
