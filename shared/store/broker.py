"""The address in the words of Celery's transport, kombu. Flower reads them too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from shared.store.address import Server, Socket, Watched

if TYPE_CHECKING:
    from shared.store.address import Address, Login

_SENTINEL_TIMEOUT = 1.0  # a dead Sentinel must leave time for the others


def url(address: Address) -> str:
    """Return `broker_url`. It holds the password."""
    login = _written(address.login)
    match address:
        case Server(place=place, db=db, tls=tls):
            return f"{'redis' if tls is None else 'rediss'}://{login}{place}/{db}"
        case Socket(path=path, db=db):
            return f"redis+socket://{login}{quote(path)}?virtual_host={db}"
        case Watched(sentinels=sentinels, db=db):
            return ";".join(f"sentinel://{login}{place}/{db}" for place in sentinels)


def tls(address: Address) -> dict[str, str | bool] | bool:
    """Return `broker_use_ssl`. Left to itself kombu checks no certificate."""
    if isinstance(address, Server) and address.tls is not None:
        return dict(address.tls)
    return False


def options(address: Address) -> dict[str, Any]:
    """Return those of `broker_transport_options` that only some addresses need."""
    if not isinstance(address, Watched):
        return {}
    login = address.sentinel_login
    return {
        "master_name": address.master,
        "sentinel_kwargs": {
            "username": login.username,
            "password": login.password,
            "socket_timeout": _SENTINEL_TIMEOUT,
            "socket_connect_timeout": _SENTINEL_TIMEOUT,
            "retry": None,  # the next Sentinel is a better try than the same one again
        },
    }


def _written(login: Login) -> str:
    if login.password is None:
        return ""
    return f"{quote(login.username or '', safe='')}:{quote(login.password, safe='')}@"
