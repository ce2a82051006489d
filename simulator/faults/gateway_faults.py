"""What can go wrong on the long connection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from simulator.faults.fault import Fault


@dataclass(frozen=True, slots=True)
class DiscoveryRefused(Fault):
    kind: ClassVar = "discovery"
    means: ClassVar = "Discovery answers with this code or HTTP status, or never"
    code: int = 1
    status: int = 200
    hang: bool = False


@dataclass(frozen=True, slots=True)
class HandshakeRefused(Fault):
    kind: ClassVar = "handshake"
    means: ClassVar = "The WebSocket handshake fails with these Handshake-* headers"
    status: int = 514
    autherr: int = 1000040345
    msg: str = "auth failed"


@dataclass(frozen=True, slots=True)
class DropAck(Fault):
    kind: ClassVar = "drop_ack"
    means: ClassVar = "An ack is not heard, so the event comes again"


@dataclass(frozen=True, slots=True)
class DelayAck(Fault):
    kind: ClassVar = "delay_ack"
    means: ClassVar = "An ack is heard so many seconds late"
    seconds: float = 4.0


@dataclass(frozen=True, slots=True)
class KillSocket(Fault):
    kind: ClassVar = "kill_socket"
    means: ClassVar = (
        "A socket is dropped without a close frame: now, or as an aimed event goes out"
    )


@dataclass(frozen=True, slots=True)
class FreezeSocket(Fault):
    kind: ClassVar = "freeze_socket"
    means: ClassVar = "A socket stays open, but nothing is read or written; dropped after `held` s"
    held: float = 120.0


@dataclass(frozen=True, slots=True)
class Close(Fault):
    kind: ClassVar = "close"
    means: ClassVar = "A socket is closed with this code: now, or with an aimed event"
    code: int = 1001


@dataclass(frozen=True, slots=True)
class Silence(Fault):
    kind: ClassVar = "silence"
    means: ClassVar = "Sockets are open and pongs come, but no events"


@dataclass(frozen=True, slots=True)
class NoPong(Fault):
    kind: ClassVar = "no_pong"
    means: ClassVar = "Pings are not answered; with `protocol` RFC 6455 pings are not either"
    protocol: bool = False


@dataclass(frozen=True, slots=True)
class PartialConfig(Fault):
    kind: ClassVar = "partial_config"
    means: ClassVar = "A pong's config lacks these keys (separated by +)"
    lacks: str = "PingInterval"


@dataclass(frozen=True, slots=True)
class OddConfig(Fault):
    kind: ClassVar = "odd_config"
    means: ClassVar = "Discovery, or a pong, tells this JSON as the config"
    config: str = '{"PingInterval":0}'


@dataclass(frozen=True, slots=True)
class Duplicate(Fault):
    kind: ClassVar = "duplicate"
    means: ClassVar = "An acked event comes once more"


@dataclass(frozen=True, slots=True)
class NewEventId(Fault):
    kind: ClassVar = "new_event_id"
    means: ClassVar = "An acked event comes once more under a new event_id"


@dataclass(frozen=True, slots=True)
class Reorder(Fault):
    kind: ClassVar = "reorder"
    means: ClassVar = "An event is held until the next one has gone out, or so many seconds"
    seconds: float = 1.0


@dataclass(frozen=True, slots=True)
class Split(Fault):
    kind: ClassVar = "split"
    means: ClassVar = "An event comes in so many frames, the last part first if `reversed`"
    parts: int = 2
    reversed: bool = False


@dataclass(frozen=True, slots=True)
class CardFrames(Fault):
    kind: ClassVar = "card_frames"
    means: ClassVar = "Callbacks come in frames of type `card` instead of `event`"


@dataclass(frozen=True, slots=True)
class ClockSkew(Fault):
    kind: ClassVar = "clock_skew"
    means: ClassVar = "The platform's clock, as events and frames tell it, is so many seconds ahead"
    seconds: float = 3600.0


GATEWAY_FAULTS: tuple[type[Fault], ...] = (
    DiscoveryRefused,
    HandshakeRefused,
    DropAck,
    DelayAck,
    KillSocket,
    FreezeSocket,
    Close,
    Silence,
    NoPong,
    PartialConfig,
    OddConfig,
    Duplicate,
    NewEventId,
    Reorder,
    Split,
    CardFrames,
    ClockSkew,
)
