"""The conversation engine under everything that can happen to it, held against its model.

The scripts run in a real Redis. What is played are the workers: each step may be the last one of a
worker, may come late, or twice.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
)
from redis import Redis as SyncRedis
from redis.asyncio import Redis

from shared.errors import LeaseLost
from shared.model.draft import Draft
from shared.model.event import Event
from shared.model.ids import AppId, CardId, ConversationId, EventId, LetterId, MessageId
from shared.model.mail import Incoming
from shared.model.queue import QUEUES, queue_of
from shared.store.connection import Store
from shared.store.dead_letters import DeadLetters, letter_of
from shared.store.engine import engine
from shared.store.keys import Keys
from shared.store.lease import TOGETHER
from shared.store.mailbox import Mailboxes, Verdict, decode
from shared.store.notices import Notices
from shared.store.sweep import Sweep
from tests.integration.engine import accepted
from tests.integration.model.book import Filed, Page
from tests.integration.model.redis_time import conversation_and_id, jump

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping

    from shared.model.queue import Queue
    from shared.store.lease import Begun

NAMES: Final = ("oc_1", "oc_1:omt_1", "presses:oc_1")
"""Two chats, and one line of the other queue: few, so that they meet often."""

LEASE: Final = 1000.0
LONG: Final = 5000.0
"""Past every lease, deferral and wake."""

_AGES: Final = 1_000_000.0
"""Past all of them though the clock had jumped back before."""

KEYS: Final = Keys(AppId("cli_model"))
_DRAFT: Final = Draft((CardId("card"),), (MessageId("om_card"),), answer=b"answer")

conversations = st.sampled_from(NAMES).map(ConversationId)
queues = st.sampled_from(QUEUES)
kinds = st.sampled_from([TOGETHER, TOGETHER, "another.kind"])


@dataclass(eq=False)
class Holder:
    """A worker with a turn; whether its lease is still its own, only Redis knows."""

    begun: Begun
    question: MessageId

    @property
    def name(self) -> ConversationId:
        return self.begun.lease.conversation


class Machine(RuleBasedStateMachine):
    """One app's conversations, and workers that may do anything at any time."""

    url: str
    scripts: Mapping[str, str]
    popped = Bundle("popped")
    holders = Bundle("holders")

    @initialize()
    def start(self) -> None:
        self.runner = asyncio.Runner()
        self.look: Any = SyncRedis.from_url(self.url)
        self.look.flushall()
        self.redis = Redis.from_url(self.url, driver_info=None)
        self.store = Store(self.redis, scripts=self.scripts)
        self.engine = engine(self.store, KEYS, lease=LEASE, exchanges=3, kept=60)
        self.mailboxes = Mailboxes(self.store.line(), KEYS)
        self.letters = DeadLetters(self.store, KEYS)
        self.notices = Notices(self.store, KEYS)
        self.pages: dict[ConversationId, Page] = {}
        self.buried: dict[LetterId, tuple[ConversationId, list[Filed]]] = {}
        self.events: list[Incoming] = []
        self.keys_sent: dict[str, MessageId] = {}

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(work)

    # Events come in

    @rule(name=conversations, kind=kinds, count=st.integers(1, 3))
    def accept(self, name: ConversationId, kind: str, count: int) -> None:
        batch = [self._event(name, kind) for _ in range(count)]

        verdicts = self.run(accepted(self.mailboxes, *batch))

        assert verdicts == [Verdict.ACCEPTED] * count
        for incoming in batch:
            self._page(name).accept(Filed(incoming.event.event_id, kind))

    @precondition(lambda self: self.events)
    @rule(data=st.data(), same_event=st.booleans())
    def deliver_again(self, data: st.DataObject, same_event: bool) -> None:
        known = data.draw(st.sampled_from(self.events)).event
        same = same_event or known.message_id is None
        event_id = known.event_id if same else EventId(f"{known.event_id}-again")
        again = Event(known.type, event_id, known.message_id, known.conversation)

        verdicts = self.run(accepted(self.mailboxes, Incoming(again, "trace", 0.0, b"{}")))

        assert verdicts == [Verdict.DUPLICATE]

    # Wakes are lost, doubled, and taken

    @rule(target=popped, queue=queues)
    def pop(self, queue: Queue) -> Any:
        """Take a wake. Who dies now never begins."""
        name = self._popped(queue)
        return multiple() if name is None else name

    @rule(target=holders, queue=queues, at_most=st.integers(1, 3))
    def pop_and_begin(self, queue: Queue, at_most: int) -> Any:
        name = self._popped(queue)
        return multiple() if name is None else self.begin(name, at_most)

    @rule(queue=queues)
    def double_a_wake(self, queue: Queue) -> None:
        wakes = KEYS.queue(queue).wakes
        if wake := self.look.lindex(wakes, 0):
            self.look.lpush(wakes, wake)

    @rule(queue=queues)
    def lose_every_wake(self, queue: Queue) -> None:
        self.look.delete(KEYS.queue(queue).wakes)

    # Turns begin

    @rule(target=holders, name=consumes(popped), at_most=st.integers(1, 3))
    def begin(self, name: ConversationId, at_most: int) -> Any:
        page = self._page(name)
        waking = page.state == "waking"

        begun = self.run(self.engine.leases.begin(name, at_most=at_most))

        if not waking:
            assert begun is None
            return multiple()
        assert begun is not None
        assert begun.lease.fence > max(page.writers, default=0)
        mail = [decode(entry).event_id for entry in begun.entries]
        assert (begun.attempt, mail) == page.begin(begun.lease.fence, at_most)
        return Holder(begun, MessageId(f"om_of_{mail[0]}"))

    # Turns go on, whether or not they may

    @rule(holder=holders)
    def adopt(self, holder: Holder) -> None:
        self._write(holder, lambda h: self.engine.drafts.adopt(h.begun.lease, h.question))

    @rule(holder=holders)
    def keep(self, holder: Holder) -> None:
        self._write(
            holder, lambda h: self.engine.drafts.keep(h.begun.lease, _DRAFT, question=h.question)
        )

    @rule(holder=holders)
    def look_up_then_send(self, holder: Holder) -> None:
        """A worker that lost its lease in between sends all the same, under the same key."""
        key = f"answer to {holder.question}"
        if self._write(holder, lambda h: self.engine.ledger.find(h.begun.lease, key)):
            sent = self.keys_sent.setdefault(key, MessageId(f"om_{len(self.keys_sent)}"))
            self.run(self.engine.ledger.enter(key, sent))
            assert self.run(self.engine.ledger.find(holder.begun.lease, key)) == sent

    @rule(holder=holders)
    def renew(self, holder: Holder) -> None:
        lost = self.run(self.engine.leases.renew([holder.begun.lease]))

        held = self._page(holder.name).holds(holder.begun.lease.fence)
        assert lost == (set() if held else {holder.begun.lease.fence})

    @rule(holder=holders)
    def stop(self, holder: Holder) -> None:
        """Anybody may ask for it at any time; only the turn that answers is told."""
        asked = self.run(self.notices.stop(holder.name, holder.question))
        (notice,) = self.run(self.notices.look([holder.begun.lease]))

        assert not asked or self._page(holder.name).state == "running"
        if queue_of(holder.name) == "turns" and self._holds(holder) and asked:
            assert notice.stop

    # Turns end

    @rule(holder=consumes(holders), spare=st.integers(0, 1), dead=st.booleans())
    def settle(self, holder: Holder, spare: int, dead: bool) -> None:
        page, entries = self._page(holder.name), holder.begun.entries
        done = max(1, len(entries) - spare)
        filed = page.pending[:done]
        reason = "given up" if dead else ""

        if self._write(
            holder,
            lambda h: self.engine.endings.settle(
                h.begun, done=done, exchanges=[b"exchange"], dead=reason
            ),
        ):
            page.settle(done)
            if dead:
                self.buried[letter_of(holder.begun)] = (holder.name, filed)

    @rule(holder=consumes(holders), seconds=st.sampled_from([0.0, 60.0]), tried=st.booleans())
    def defer(self, holder: Holder, seconds: float, tried: bool) -> None:
        if self._write(
            holder, lambda h: self.engine.endings.defer(h.begun.lease, seconds, tried=tried)
        ):
            self._page(holder.name).defer(tried=tried)

    @rule(holder=consumes(holders))
    def release(self, holder: Holder) -> None:
        if self._write(holder, lambda h: self.engine.endings.release(h.begun.lease)):
            self._page(holder.name).release()

    @precondition(lambda self: self.buried)
    @rule(data=st.data())
    def replay(self, data: st.DataObject) -> None:
        self._replay(data.draw(st.sampled_from(sorted(self.buried))))

    def _replay(self, letter: LetterId) -> None:
        name, filed = self.buried.pop(letter)

        assert self.run(self.letters.replay(letter)) == len(filed)
        assert self.run(self.letters.replay(letter)) == 0

        for event in filed:
            self._page(name).accept(event)

    # Time passes, or seems to

    @rule(seconds=st.sampled_from([-LONG, -10.0, 0.1, 10.0, 100.0, LONG]))
    def clock_jumps(self, seconds: float) -> None:
        jump(self.look, KEYS, seconds)

    @rule(holder=holders)
    def pause(self, holder: Holder) -> None:
        """A worker stands still for longer than its lease, and then tries to go on."""
        if self._holds(holder):
            jump(self.look, KEYS, _AGES)
            self.sweep()
            assert self._page(holder.name).state == "waking"
            for write in (self.adopt, self.keep, self.look_up_then_send, self.renew, self.release):
                write(holder)
            self.settle(holder, 0, dead=False)
            self.defer(holder, 0.0, tried=True)

    @rule()
    def sweep(self) -> None:
        swept = self.run(Sweep(self.store, KEYS).run())

        for found, state in (
            (swept.rescued, "running"),
            (swept.due, "deferred"),
            (swept.lost, "waking"),
        ):
            for name in found:
                assert self._page(name).state == state
                self._page(name).wake()
        assert self.run(Sweep(self.store, KEYS).run()).woken == []

    @rule()
    def sweep_when_all_workers_have_died(self) -> None:
        """Whatever they had taken: whoever has mail is on somebody's way then, once."""
        for queue in QUEUES:
            self.look.delete(KEYS.queue(queue).wakes)
        jump(self.look, KEYS, _AGES)

        for name in self.run(Sweep(self.store, KEYS).run()).woken:
            self._page(name).wake()

        having_mail = sorted(name for name, page in self.pages.items() if page.pending)
        assert sorted(self._wakes()) == having_mail

    # What is true after every step

    @invariant()
    def redis_says_what_the_model_says(self) -> None:
        for name, page in getattr(self, "pages", {}).items():
            queue = KEYS.queue_of(name)
            places = {
                "waking": self.look.zscore(queue.waking, name),
                "running": self.look.zscore(queue.running, name),
                "deferred": self.look.zscore(queue.deferred, name),
            }
            mail = self.look.lrange(KEYS.mailbox(name), 0, -1)
            assert [decode(entry).event_id for entry in mail] == [e.event_id for e in page.pending]
            assert [place for place, score in places.items() if score] == [page.state] * bool(mail)
            leased = self.look.hget(queue.leases, name)
            assert leased == (b"%d" % page.fence if page.fence else None)
            assert int(self.look.hget(queue.attempts, name) or 0) == page.attempts
            assert page.writers == sorted(page.writers)
            if not mail:
                for key in (queue.taken, queue.stops, queue.answering, queue.told):
                    assert self.look.hget(key, name) is None

    def teardown(self) -> None:
        """Let it all come to its end, and see that everything was done once, in order."""
        if not hasattr(self, "runner"):
            return
        try:
            self._finish()
            for letter in sorted(self.buried):
                self._replay(letter)
            self.redis_says_what_the_model_says()
            self._finish()
            assert [page.ended for page in self.pages.values()] == [
                page.accepted for page in self.pages.values()
            ]
            self.redis_says_what_the_model_says()
        finally:
            self.run(self.redis.aclose())
            self.look.close()
            self.runner.close()

    def _finish(self) -> None:
        for _ in range(3 * sum(len(page.pending) for page in self.pages.values()) + 1):
            self._finish_what_can_be()

    def _finish_what_can_be(self) -> None:
        jump(self.look, KEYS, _AGES)
        for name in self.run(Sweep(self.store, KEYS).run()).woken:
            self._page(name).wake()
        for queue in QUEUES:
            while (name := self._popped(queue)) is not None:
                holder = self.begin(name, 3)
                if isinstance(holder, Holder):
                    self.adopt(holder)
                    self.settle(holder, 0, dead=False)

    def _write(self, holder: Holder, write: Callable[[Holder], Coroutine[Any, Any, Any]]) -> bool:
        """Try to write for a turn; one that lost its lease is refused, and changes nothing."""
        if not self._holds(holder):
            before = self._everything()
            try:
                self.run(write(holder))
            except LeaseLost:
                assert self._everything() == before
                return False
            raise AssertionError("a stranger wrote")
        self.run(write(holder))
        self._page(holder.name).writers.append(holder.begun.lease.fence)
        return True

    def _popped(self, queue: Queue) -> ConversationId | None:
        wake = self.look.rpop(KEYS.queue(queue).wakes)
        return ConversationId(conversation_and_id(wake)[0]) if wake else None

    def _holds(self, holder: Holder) -> bool:
        return self._page(holder.name).holds(holder.begun.lease.fence)

    def _page(self, name: ConversationId) -> Page:
        return self.pages.setdefault(name, Page())

    def _event(self, name: ConversationId, kind: str) -> Incoming:
        number = len(self.events)
        message = MessageId(f"om_{number}") if kind == TOGETHER else None
        event = Event(kind, EventId(f"e_{number}"), message, name)
        self.events.append(Incoming(event, "trace", 0.0, b"{}"))
        return self.events[-1]

    def _wakes(self) -> list[str]:
        found = []
        for queue in map(KEYS.queue, QUEUES):
            found += [conversation_and_id(wake)[0] for wake in self.look.lrange(queue.wakes, 0, -1)]
        return found

    def _everything(self) -> dict[bytes, bytes]:
        return {key: self.look.dump(key) for key in self.look.keys("*")}
