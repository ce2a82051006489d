"""What one simulator is started with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Durations are seconds. The defaults are the platform's own values where it has them."""

    host: str = "127.0.0.1"
    port: int = 8700
    app_id: str = "cli_a1b2c3d4e5f60718"
    app_secret: str = "simulated-secret"  # noqa: S105 - guards nothing: the platform is fake
    bot_name: str = "Larkspur"
    time_scale: float = 1.0
    """The ladder's waits are divided by it; nothing else is."""
    ack_deadline: float = 3.0
    split_over: int = 0
    """Bytes of payload above which an event comes in several frames; 0 never splits."""
    ping_interval: int = 120
    reconnect_interval: int = 120
    reconnect_nonce: int = 30
    first_token_delay: float = 0.15
    tokens_per_second: float = 60.0
    keep: int = 10_000
    """How many messages are kept; older ones fall off, with what is known about them."""
    people: int = 0
    """How many people there are besides those with names: p1, p2, ..."""
    limits: str = "on"
    """`on` refuses what the platform would for coming too fast; `off` lets everything pass."""
    quota: int = 0
    """API calls a month, as the platform's free edition limits them; 0 is no limit."""
    faults: tuple[str, ...] = ()
    """Faults that stand from the start, each written `kind:name=value,...`."""
    webhook: str = ""
    """Where events are posted to as well; empty is nowhere."""
    encrypt_key: str = ""
    verification_token: str = ""
