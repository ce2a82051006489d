"""REDIS_URL, read.

redis://[[user]:password@]host[:6379][/db]
rediss://...                                as redis://, over TLS; ?ssl_ca_certs=path and the like
unix://[[user]:password@]/path[?db=0]       a socket of this machine
sentinel://[[user]:password@]host[:26379][,host[:26379]...]/master[/db]
                                            ?sentinel_password=..., if the Sentinels ask for one

What has a meaning in a URL (/ ? # @ : % and white space) is percent-encoded in a password.
"""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import parse_qsl, unquote

from shared.errors import ConfigurationError
from shared.store.address import Login, Place, Server, Socket, Watched

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from shared.store.address import Address
NO_CLUSTER: Final = (
    "Redis Cluster is not supported: Celery takes its wakes from one server, and an event is"
    " accepted in one script there. Use one Redis or Valkey, and Sentinel for failover"
    " (sentinel://host:26379,host:26379/MASTER)"
)

_KNOWN: Final = {
    "redis": ("db",),
    "rediss": (
        "db",
        "ssl_ca_certs",
        "ssl_cert_reqs",
        "ssl_certfile",
        "ssl_check_hostname",
        "ssl_keyfile",
    ),
    "unix": ("db", "password", "username"),
    "sentinel": ("sentinel_password", "sentinel_username"),
}
"""The schemes, and which options each knows."""

_PLACE: Final = re.compile(
    r"(?:\[(?P<v6>[^\]]+)\]|(?P<name>(?:[\w-]{1,63}\.)*[\w-]{1,63}\.?))(?::(?P<port>\d{1,5}))?",
    re.ASCII,
)
_MASTER: Final = re.compile(r"[\w.-]+", re.ASCII)
_DB: Final = re.compile(r"(\d{0,5})/?", re.ASCII)
_PORTS: Final = range(1, 65536)


class _Parts(NamedTuple):
    login: Login
    hosts: str
    path: str
    options: dict[str, str]


def read(url: str) -> Address:
    """Read REDIS_URL.

    Raises:
        ConfigurationError: it is none, or one that is not supported. The message quotes nothing of
            it: whatever part cannot be read may be the password.
    """
    scheme, found, rest = url.strip().partition("://")
    scheme = scheme.lower() if found else ""
    if "cluster" in scheme:
        raise _wrong(NO_CLUSTER)
    if "sentinel" in scheme and scheme != "sentinel":
        raise _wrong("Sentinel is written sentinel://host:26379/MASTER, and not supported over TLS")
    if scheme not in _KNOWN:
        raise _wrong("does not begin with redis://, rediss://, unix:// or sentinel://")
    parts = _parts(scheme, rest)
    match scheme:
        case "unix":
            return _socket(parts)
        case "sentinel":
            return _watched(parts)
        case _:
            return _server(parts, tls=scheme == "rediss")


def _parts(scheme: str, rest: str) -> _Parts:
    if " " in rest or "#" in rest or not rest.isprintable():
        raise _wrong("holds white space, a # or a control character; percent-encode it")
    before, _, query = rest.partition("?")
    authority, _, path = before.partition("/")
    secret, _, hosts = authority.rpartition("@")
    if "@" in path + query:
        raise _wrong("holds a / or ? before the @; percent-encode it in the password")
    username, _, password = secret.partition(":")
    login = _login(unquote(username), unquote(password))
    return _Parts(login, hosts, path, _options(query, _KNOWN[scheme]))


def _server(parts: _Parts, *, tls: bool) -> Server:
    db = _db(parts.options.pop("db", parts.path))
    place = _place(parts.hosts, 6379)
    return Server(place, db, parts.login, _tls(parts.options) if tls else None)


def _socket(parts: _Parts) -> Socket:
    options, path = parts.options, f"/{unquote(parts.path)}"
    if parts.hosts or path == "/" or not path.isprintable():
        raise _wrong("names no socket; it is written unix:///path/to/redis.sock?db=0")
    login = _login(options.get("username", ""), options.get("password", ""))
    return Socket(path, _db(options.get("db", "")), parts.login if parts.login.password else login)


def _watched(parts: _Parts) -> Watched:
    options = parts.options
    master, _, db = parts.path.partition("/")
    if not _MASTER.fullmatch(master):
        raise _wrong("names no master; it is written sentinel://host:26379/MASTER")
    return Watched(
        tuple(_place(text, 26379) for text in parts.hosts.split(",")),
        master,
        _db(db),
        parts.login,
        _login(options.get("sentinel_username", ""), options.get("sentinel_password", "")),
    )


def _login(username: str, password: str) -> Login:
    if username and not password:
        raise _wrong("names a user but no password; a password alone is written :password@host")
    return Login(username or None, password or None)


def _place(text: str, port: int) -> Place:
    found = _PLACE.fullmatch(text)
    if found is None:
        raise _wrong("names no host, or one that is none; it is written host:port")
    port = int(found["port"] or port)
    if port not in _PORTS:
        raise _wrong("has a port that is none")
    if found["v6"] is None:
        return Place(found["name"], port)
    try:
        return Place(str(ipaddress.IPv6Address(found["v6"])), port)
    except ValueError:
        raise _wrong("has an IPv6 address that is none") from None


def _db(text: str) -> int:
    found = _DB.fullmatch(text)
    if found is None:
        raise _wrong("has a database that is no number")
    return int(found[1] or 0)


def _options(query: str, known: Collection[str]) -> dict[str, str]:
    try:
        found = dict(parse_qsl(query, strict_parsing=True)) if query else {}
    except ValueError:  # it quotes what it could not read
        raise _wrong("has something after the ? that is not name=value") from None
    if found.keys() - set(known):
        raise _wrong(f"has an option that is none of {', '.join(known)}")
    if not all(map(str.isprintable, found.values())):
        raise _wrong("has an option that holds a control character")
    return found


def _tls(options: Mapping[str, str]) -> dict[str, str | bool]:
    certificate = options.get("ssl_cert_reqs", "required")
    if certificate not in {"required", "optional", "none"}:
        raise _wrong("has an ssl_cert_reqs that is none of required, optional, none")
    hostname = options.get("ssl_check_hostname", "true").lower()
    if hostname not in {"true", "false"}:
        raise _wrong("has an ssl_check_hostname that is neither true nor false")
    return {**options, "ssl_cert_reqs": certificate, "ssl_check_hostname": hostname == "true"}


def _wrong(reason: str) -> ConfigurationError:
    return ConfigurationError(f"REDIS_URL: {reason}")
