"""What can go wrong at the doors of the Open API and of the model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from simulator.faults.fault import Fault


@dataclass(frozen=True, slots=True)
class HttpError(Fault):
    kind: ClassVar = "http_error"
    means: ClassVar = "The call is refused with this status and code, and has no effect"
    status: int = 500
    code: int = 1500
    msg: str = "internal error"


@dataclass(frozen=True, slots=True)
class Slow(Fault):
    kind: ClassVar = "slow"
    means: ClassVar = "The answer takes so many seconds longer"
    seconds: float = 2.0


@dataclass(frozen=True, slots=True)
class Hang(Fault):
    kind: ClassVar = "hang"
    means: ClassVar = "The call has no effect and is never answered"


@dataclass(frozen=True, slots=True)
class LostAnswer(Fault):
    kind: ClassVar = "lost_answer"
    means: ClassVar = "The call takes effect, and the connection is cut instead of answered"


@dataclass(frozen=True, slots=True)
class TokenRevoked(Fault):
    kind: ClassVar = "token_revoked"
    means: ClassVar = "The token of the call is revoked: 99991663 until a new one is fetched"


@dataclass(frozen=True, slots=True)
class RateLimited(Fault):
    kind: ClassVar = "rate_limited"
    means: ClassVar = "HTTP 429 and 99991400, with so many seconds to wait in the header"
    reset: int = 1


@dataclass(frozen=True, slots=True)
class QuotaSpent(Fault):
    kind: ClassVar = "quota_spent"
    means: ClassVar = "HTTP 429 and 99991403: the month's calls are used up"


@dataclass(frozen=True, slots=True)
class CardSequence(Fault):
    kind: ClassVar = "card_sequence"
    means: ClassVar = "300317: the card's sequence is said to be out of order"


@dataclass(frozen=True, slots=True)
class ModelError(Fault):
    kind: ClassVar = "model_error"
    means: ClassVar = "The model refuses with this status; 429 says when to come back"
    status: int = 500
    retry_after: float = 0.0


@dataclass(frozen=True, slots=True)
class ModelCut(Fault):
    kind: ClassVar = "model_cut"
    means: ClassVar = "The model's stream breaks off after so many tokens"
    after: int = 5


@dataclass(frozen=True, slots=True)
class ModelHang(Fault):
    kind: ClassVar = "model_hang"
    means: ClassVar = "The model takes the question and never answers"


@dataclass(frozen=True, slots=True)
class ModelGarbage(Fault):
    kind: ClassVar = "model_garbage"
    means: ClassVar = "The model answers with bytes that are no answer"


API_FAULTS: tuple[type[Fault], ...] = (
    HttpError,
    Slow,
    Hang,
    LostAnswer,
    TokenRevoked,
    RateLimited,
    QuotaSpent,
    CardSequence,
    ModelError,
    ModelCut,
    ModelHang,
    ModelGarbage,
)
