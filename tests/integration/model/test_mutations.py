"""The model has teeth: a script with one line less, or another one, does not pass it."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from shared.errors import LeaseLost
from shared.store.scripts import SOURCES
from tests.integration.model.person import machine

ONCE = settings(
    max_examples=1000,
    derandomize=True,
    stateful_step_count=40,
    phases=[Phase.generate],
    database=None,
    report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


class Mutation(NamedTuple):
    """What is changed; `seed` is one with which the model soon comes across it."""

    script: str
    line: str
    instead: str = ""
    seed: int = 0


HELD = "if not held(KEYS[1], {}, ARGV[2]) then"
MUTATIONS = {
    "an event is accepted and nobody woken": Mutation(
        "accept", "wake(due.turns, ARGV[2], 'turns', KEYS[4], KEYS[5], KEYS[3])"
    ),
    "every event wakes": Mutation("accept", "if length == 1 then", "if length then"),
    "a message is known by its event alone": Mutation(
        "accept", "message == '' and {event} or {event, message}", "{event}"
    ),
    "a turn begins on any wake": Mutation(
        "begin", "if not redis.call('ZSCORE', KEYS[1], conversation) then", "if false then", seed=8
    ),
    "a turn that has begun still waits": Mutation(
        "begin", "redis.call('ZREM', KEYS[1], conversation)"
    ),
    "attempts are not counted": Mutation(
        "begin", "conversation, 1), mail}", "conversation, 0), mail}"
    ),
    "what was taken is forgotten": Mutation(
        "begin", "redis.call('HSET', KEYS[5], conversation, taken)"
    ),
    "what may not be taken together is": Mutation(
        "begin", "head.event_type == ARGV[4]", "head.event_type"
    ),
    "fences repeat": Mutation("begin", "redis.call('SET', KEYS[8], fence)", "fence = 1"),
    "a stranger settles": Mutation("settle", HELD.format("conversation"), "if false then"),
    "a stranger defers": Mutation("defer", HELD.format("conversation"), "if false then"),
    "a stranger releases": Mutation(
        "release", HELD.format("conversation"), "if false then", seed=4
    ),
    "a stranger keeps a draft": Mutation("keep", HELD.format("ARGV[1]"), "if false then"),
    "a stranger adopts": Mutation("adopt", HELD.format("ARGV[1]"), "if false then"),
    "a stranger may send": Mutation("sent", HELD.format("ARGV[1]"), "if false then", seed=4),
    "a stranger renews": Mutation("renew", "if held(", "if true or held(", seed=4),
    "more mail wakes nobody": Mutation(
        "settle", "wake({conversation}, ARGV[3], ARGV[4], KEYS[7], KEYS[8], KEYS[9])"
    ),
    "one entry too many is done with": Mutation("settle", "10], done, -1", "10], done + 1, -1"),
    "one entry too few is done with": Mutation("settle", "10], done, -1", "10], done - 1, -1"),
    "the lease stays": Mutation("settle", "for key = 1, 6 do", "for key = 2, 6 do"),
    "something of the turn stays": Mutation("settle", "for key = 1, 6 do", "for key = 1, 5 do"),
    "the dead letter misses an entry": Mutation(
        "settle", "0, done - 1)) do", "0, done - 2)) do", seed=1
    ),
    "a deferred turn keeps its lease": Mutation(
        "defer", "redis.call('HDEL', KEYS[1], conversation)", seed=6
    ),
    "a deferred turn still runs": Mutation(
        "defer", "redis.call('ZREM', KEYS[2], conversation)", seed=1
    ),
    "a deferred turn waits nowhere": Mutation(
        "defer", "redis.call('ZADD', KEYS[3], now + ARGV[3], conversation)", seed=6
    ),
    "a released turn wakes nobody": Mutation(
        "release", "wake({conversation}, ARGV[3], ARGV[4], KEYS[4], KEYS[5], KEYS[6])"
    ),
    "a released turn counts": Mutation("release", "conversation, -1)", "conversation, 0)"),
    "who was evicted keeps the lease": Mutation(
        "evict", "redis.call('HDEL', KEYS[1], conversation)", seed=4
    ),
    "who was evicted counts": Mutation("evict", "conversation, -1)", "conversation, 0)"),
    "who was evicted is forgotten": Mutation(
        "evict", "wake({conversation}, ARGV[2], ARGV[3], KEYS[5], KEYS[6], KEYS[7])", seed=4
    ),
    "deferrals cannot be ended": Mutation(
        "evict", "KEYS[3], conversation) == 1", "KEYS[3], '') == 1", seed=3
    ),
    "a dead letter is replayed twice": Mutation("replay", "redis.call('DEL', KEYS[2])", seed=5),
    "a replay wakes nobody": Mutation("replay", "if number > 0 and", "if number < 0 and", seed=5),
    "the lease of the dead stays": Mutation(
        "sweep", "redis.call('HDEL', KEYS[6], unpack(rescued))"
    ),
    "who was swept stays": Mutation("sweep", "redis.call('ZREM', key, conversation)"),
    "lost wakes stay lost": Mutation("sweep", "stranded(KEYS[2],", "stranded('none',"),
    "deferrals never end": Mutation("sweep", "stranded(KEYS[5],", "stranded('none',", seed=1),
    "the dead are left alone": Mutation("sweep", "stranded(KEYS[4],", "stranded('none',"),
}


@pytest.mark.parametrize("mutation", MUTATIONS.values(), ids=MUTATIONS.keys())
def test_model_notices_that(clean: str, mutation: Mutation) -> None:
    script = SOURCES[mutation.script]
    assert mutation.line in script
    mutant = {**SOURCES, mutation.script: script.replace(mutation.line, mutation.instead)}

    seeded = seed(mutation.seed)(machine(clean, mutant))

    with pytest.raises((AssertionError, LeaseLost)):
        run_state_machine_as_test(seeded, settings=settings(ONCE, derandomize=not mutation.seed))
