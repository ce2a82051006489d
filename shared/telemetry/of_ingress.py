"""The metrics of the ingress, which tells of the queues too: one place for the whole fleet."""

from __future__ import annotations

from typing import Final

from shared.telemetry.metric import SOON, Count, Level, Spread

DELIVERIES: Final = Count(
    "deliveries",
    "Deliveries by event type (those that are known, other, unreadable) and their fate",
    ("event_type", "verdict"),
)
REJECTED: Final = Count(
    "rejected", "Input that no retry could make readable, by reason", ("reason",)
)
INSTANT_ANSWERS: Final = Count(
    "instant_answers",
    "Callbacks that a declared function answered, or not: answered, late, failed",
    ("event_type", "fate"),
)
RECONNECTS: Final = Count(
    "reconnects", "Connections that ended or could not be made, by cause", ("cause",)
)
ACK: Final = Spread("ack_seconds", "From the whole frame to its ack", bounds=SOON)
BATCH: Final = Spread(
    "batch_size", "Events stored in one step", bounds=(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
)

REDIS_UP: Final = Level("redis_up", "1 while Redis takes writes")
CONNECTED: Final = Level("connected", "1 while the socket is up")
LISTENING: Final = Level("listening", "1 while the webhook listens")
LAST_FRAME_AGE: Final = Level("last_frame_age_seconds", "Since any frame")
LAST_PONG_AGE: Final = Level("last_pong_age_seconds", "Since the last pong")

QUEUE_DEPTH: Final = Level("queue_depth", "Wakes that wait in a queue of Celery", ("queue",))
QUEUE_OLDEST_AGE: Final = Level(
    "queue_oldest_age_seconds",
    "For how long the conversation has waited that has waited longest; 0 if none waits",
    ("queue",),
)
CONVERSATIONS: Final = Level(
    "conversations", "Conversations that have mail, by state", ("queue", "state")
)
DEAD_LETTERS: Final = Level("dead_letters", "Dead letters that nobody has replayed or dropped")

OF_INGRESS: Final = (
    *(DELIVERIES, REJECTED, INSTANT_ANSWERS, RECONNECTS, ACK, BATCH),
    *(REDIS_UP, CONNECTED, LISTENING, LAST_FRAME_AGE, LAST_PONG_AGE),
    *(QUEUE_DEPTH, QUEUE_OLDEST_AGE, CONVERSATIONS, DEAD_LETTERS),
)
