"""The metrics of a worker: its turns, the models that it asks, the calls that it makes."""

from __future__ import annotations

from typing import Final

from shared.telemetry.metric import LATER, SOON, Count, Level, Spread
from shared.telemetry.of_ingress import REDIS_UP

RUNNING: Final = Level("worker_turns", "Turns that run")
PLACES: Final = Level("worker_places", "Turns that may run at once")
READY: Final = Level("worker_ready", "1 while it takes turns")
LAST_HEARD_AGE: Final = Level(
    "worker_last_heard_age_seconds",
    "Since Redis last answered the consumer, which does not ask while no place is free",
)

TURNS: Final = Count("turns", "Turns that ended, and how", ("queue", "outcome"))
WAITED: Final = Spread(
    "turn_waited_seconds", "From the whole frame to the first turn about it", ("queue",)
)
FIRST_SHOWN: Final = Spread(
    "first_shown_seconds", "From the whole frame to the card in which the answer grows"
)
ANSWERED: Final = Spread("answer_seconds", "From the whole frame to the finished answer")
DEFERRALS: Final = Count(
    "deferrals", "Turns whose mail comes again: a retry, or later since nothing was tried", ("why",)
)
GIVEN_UP: Final = Count("given_up", "Turns that ended as a dead letter", ("queue",))
SWEPT: Final = Count(
    "swept",
    "Conversations woken anew: rescued from a dead worker, due after a deferral, their wake lost",
    ("why",),
)

FEISHU_CALLS: Final = Count(
    "feishu_calls", "Calls of the Open API by what Feishu answered", ("api", "code")
)
FEISHU_CALL: Final = Spread(
    "feishu_call_seconds", "What Feishu takes to answer", ("api",), bounds=(*SOON, 5.0, 10.0)
)
GATE_WAIT: Final = Spread(
    "gate_wait_seconds",
    "What calls wait for the limits of the whole fleet",
    ("priority",),
    bounds=(0.005, 0.05, 0.25, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0),
)
CALLS_OF_MONTH: Final = Level("feishu_calls_of_month", "Calls of the fleet that count this month")
CALLS_LEFT: Final = Level("feishu_calls_left", "Calls that are left of the quota, if there is one")
SPENDING: Final = Level(
    "feishu_spending",
    "0 while cards grow freely, 1 while they are revised less, 2 while answers are texts",
)

MODEL_FIRST: Final = Spread(
    "model_first_token_seconds", "What a model takes to begin its answer", ("model",), bounds=LATER
)
MODEL: Final = Spread(
    "model_seconds",
    "What a model takes for its whole answer, and how that ended",
    ("model", "ended"),
)
TOKENS: Final = Count("model_tokens", "Tokens that models read and wrote", ("model", "way"))
DOLLARS: Final = Count(
    "model_dollars",
    "Price of these tokens in US dollars, as far as prices are known",
    ("model",),
)
REFUSALS: Final = Count("refusals", "Messages that were not answered", ("reason",))
FEEDBACK: Final = Count("feedback", "Presses of up and down", ("verdict",))

OF_WORKER: Final = (
    *(RUNNING, PLACES, READY, LAST_HEARD_AGE, REDIS_UP),
    *(TURNS, WAITED, FIRST_SHOWN, ANSWERED, DEFERRALS, GIVEN_UP, SWEPT),
    *(FEISHU_CALLS, FEISHU_CALL, GATE_WAIT, CALLS_OF_MONTH, CALLS_LEFT, SPENDING),
    *(MODEL_FIRST, MODEL, TOKENS, DOLLARS, REFUSALS, FEEDBACK),
)
