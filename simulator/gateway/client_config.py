"""What the platform tells its clients about pinging and reconnecting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import orjson

if TYPE_CHECKING:
    from simulator.options import Options


class ClientConfig:
    """Whole seconds, told at discovery and again with every pong.

    All four keys are always sent: official clients take a missing one for None and break
    (facts 1.3).
    """

    def __init__(self, options: Options) -> None:
        self.settings: Final[dict[str, int]] = {
            "ReconnectCount": -1,
            "ReconnectInterval": options.reconnect_interval,
            "ReconnectNonce": options.reconnect_nonce,
            "PingInterval": options.ping_interval,
        }

    def payload(self, lacks: frozenset[str] = frozenset()) -> bytes:
        """Return what a pong carries; only a fault makes it lack anything."""
        return orjson.dumps(
            {key: value for key, value in self.settings.items() if key not in lacks}
        )
