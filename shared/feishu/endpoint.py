"""Endpoint discovery: where the long connection is to be opened, and how to behave on it.

Facts 1.1; https://open.feishu.cn/document/server-docs/event-subscription-guide/overview.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlsplit

from shared.errors import FeishuUnavailable
from shared.feishu.call import Call

if TYPE_CHECKING:
    from shared.feishu.transport import Transport
    from shared.settings import Feishu

_PATH: Final = "/callback/ws/endpoint"
_INT32: Final = 2**31


@dataclass(frozen=True, slots=True)
class ClientConfig:
    """What the server asks of a client, in seconds; absurd or missing values are replaced."""

    ping_interval: float = 120.0
    reconnect_interval: float = 120.0
    reconnect_jitter: float = 30.0

    def updated(self, pushed: object) -> ClientConfig:
        """Return this with what a server pushed; a part of a config is a part, not the whole."""
        if not isinstance(pushed, dict):
            return self
        return ClientConfig(
            _bounded(pushed.get("PingInterval"), 1.0, 600.0, self.ping_interval),
            _bounded(pushed.get("ReconnectInterval"), 1.0, 600.0, self.reconnect_interval),
            _bounded(pushed.get("ReconnectNonce"), 0.0, 120.0, self.reconnect_jitter),
        )


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A WebSocket URL that holds secrets and is good for one connection."""

    url: str
    service_id: int
    device_id: str
    config: ClientConfig

    def __repr__(self) -> str:
        return f"Endpoint(device_id={self.device_id!r})"


async def discover(transport: Transport, feishu: Feishu) -> Endpoint:
    """Ask where to connect. Counts as no API call.

    Raises:
        FeishuUnavailable, FeishuRejected, CredentialsRejected: as Feishu says.
    """
    credentials = {"AppID": feishu.app_id, "AppSecret": feishu.app_secret.get_secret_value()}
    answer = await transport.call(Call("POST", _PATH, body=credentials))
    found = answer.get("data")
    if not isinstance(found, dict):
        raise FeishuUnavailable("endpoint discovery answered without an address")
    url, query = _address(found.get("URL"))
    return Endpoint(
        url=url,
        service_id=_integer(query.get("service_id", ["0"])[0]),
        device_id=query.get("device_id", ["unknown"])[0],
        config=ClientConfig().updated(found.get("ClientConfig")),
    )


def _address(url: object) -> tuple[str, dict[str, list[str]]]:
    """Return a WebSocket's URL and its query. Whatever is wrong with it, it is not quoted."""
    try:
        if isinstance(url, str) and url.isascii():
            place = urlsplit(url)
            if place.scheme in {"ws", "wss"} and place.hostname and not place.fragment:
                return url, parse_qs(place.query)
    except ValueError:
        pass
    raise FeishuUnavailable("endpoint discovery answered without a usable address")


def _bounded(value: Any, low: float, high: float, otherwise: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not value >= low:
        return otherwise  # NaN too
    return float(min(value, high))


def _integer(text: str) -> int:
    """Return a number that fits into a frame, else 0."""
    readable = text.isascii() and text.isdigit() and len(text) < 20  # noqa: PLR2004 - digits
    number = int(text) if readable else 0
    return number if number < _INT32 else 0
