from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import pytest

from shared.errors import FeishuRateLimited, FeishuRejected, FeishuUnavailable, LeaseLost
from shared.feishu.call import Priority
from tests.eventually import soon
from workers.replies.revisions import Revisions

if TYPE_CHECKING:
    from collections.abc import Callable


class Far:
    """The far side of some revisions: it notes what it gets, and answers when it may."""

    def __init__(self, *faults: Exception) -> None:
        self.got: list[str] = []
        self.moments: list[float] = []
        self.answered: list[str] = []
        self.at_once = 0
        self.most_at_once = 0
        self.open = asyncio.Event()
        self.open.set()
        self._faults = list(faults)
        self.priorities: list[Priority] = []
        self.place = 0.0
        self.meanwhile: Callable[[], None] = lambda: None
        """What happens once a place is taken, and before it comes."""

    async def placed(self) -> float:
        asyncio.get_running_loop().call_soon(self.meanwhile)
        return self.place

    async def send(self, text: str, priority: Priority) -> None:
        self.got.append(text)
        self.moments.append(time.monotonic())
        self.priorities.append(priority)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await self.open.wait()
            self.answered.append(text)
        finally:
            self.at_once -= 1
        if self._faults:
            raise self._faults.pop(0)

    async def gets(self, text: str) -> None:
        async def there() -> bool:
            return text in self.got

        await soon(there)


def started(far: Far, *, interval: float = 0.001) -> Revisions:
    revisions = Revisions(far.send, far.placed, interval=interval)
    revisions.start()
    return revisions


async def test_newest_text_wins_while_another_is_under_way() -> None:
    far = Far()
    revisions = started(far)
    far.open.clear()
    revisions.offer("1")
    await far.gets("1")

    for text in ("2", "3", "4"):
        revisions.offer(text)
    far.open.set()
    await far.gets("4")

    await revisions.end()
    assert far.got == ["1", "4"]
    assert far.most_at_once == 1


async def test_nothing_new_is_nothing_sent() -> None:
    far = Far()
    revisions = started(far)
    revisions.offer("1")
    await far.gets("1")
    revisions.offer("2")
    await far.gets("2")

    await revisions.end()

    assert far.got == ["1", "2"]


async def test_second_text_waits_for_the_interval() -> None:
    far = Far()
    revisions = started(far, interval=0.3)
    revisions.offer("1")
    await far.gets("1")

    revisions.offer("2")
    await far.gets("2")
    await revisions.end()

    first, second = far.moments
    assert second - first > 0.29  # a loop's clock may be a little early


async def test_first_text_does_not_follow_on_the_heels_of_the_card() -> None:
    far = Far()
    revisions = started(far, interval=3600.0)

    revisions.offer("1")
    await asyncio.sleep(0)
    await revisions.end()

    assert far.got == []


async def test_first_text_goes_at_once_and_the_others_wait_for_their_place() -> None:
    far = Far()
    far.place = 3600.0
    revisions = started(far)
    revisions.offer("1")
    await far.gets("1")

    revisions.offer("2")
    for _ in range(20):
        await asyncio.sleep(0.005)

    await revisions.end()
    assert (far.got, far.priorities) == (["1"], [Priority.FIRST])


async def test_text_of_a_place_is_the_newest_when_it_comes() -> None:
    far = Far()
    far.place = 0.1
    revisions = started(far)
    revisions.offer("1")
    await far.gets("1")

    def meanwhile() -> None:
        for text in ("3", "4"):
            revisions.offer(text)

    far.meanwhile = meanwhile
    revisions.offer("2")
    await far.gets("4")

    await revisions.end()
    assert (far.got, far.priorities) == (["1", "4"], [Priority.FIRST, Priority.REVISION])


async def test_end_lets_what_is_under_way_arrive() -> None:
    far = Far()
    revisions = started(far)
    far.open.clear()
    revisions.offer("1")
    await far.gets("1")

    ending = asyncio.create_task(revisions.end())
    await asyncio.sleep(0)
    revisions.offer("2")
    still_waits = not ending.done()
    far.open.set()
    await ending

    assert still_waits
    assert far.got == far.answered == ["1"]


async def test_close_lets_nothing_arrive() -> None:
    far = Far()
    revisions = started(far)
    far.open.clear()
    revisions.offer("1")
    await far.gets("1")

    await revisions.aclose()

    far.open.set()
    await asyncio.sleep(0)
    assert (far.at_once, far.answered) == (0, [])


@pytest.mark.parametrize("fault", [FeishuUnavailable(), FeishuRejected(1, "no")], ids=str)
async def test_failed_revision_is_followed_by_the_next(fault: Exception) -> None:
    far = Far(fault)
    revisions = started(far)
    revisions.offer("1")
    await far.gets("1")

    revisions.offer("2")
    await far.gets("2")

    await revisions.end()


async def test_rate_limit_lengthens_the_pause() -> None:
    far = Far(FeishuRateLimited(retry_after=3600.0))
    revisions = started(far)
    revisions.offer("1")
    await far.gets("1")

    revisions.offer("2")
    for _ in range(20):
        await asyncio.sleep(0.005)

    await revisions.end()
    assert far.got == ["1"]


@pytest.mark.parametrize(
    "fault", [LeaseLost(), ValueError("a bug")], ids=lambda fault: type(fault).__name__
)
async def test_fault_that_ends_it_is_told_by_whatever_comes_next(fault: Exception) -> None:
    far = Far(fault)
    revisions = started(far)
    revisions.offer("1")
    await far.gets("1")
    await soon(lambda: raises(lambda: revisions.offer("2"), type(fault)))

    with pytest.raises(type(fault)):
        await revisions.end()

    assert far.got == ["1"]


async def raises(call: Callable[[], None], kind: type[Exception]) -> bool:
    try:
        call()
    except kind:
        return True
    return False


async def test_what_never_began_ends_well() -> None:
    far = Far()
    revisions = Revisions(far.send, far.placed, interval=1.0)
    revisions.offer("1")

    await revisions.end()
    await revisions.aclose()

    assert revisions.newest == "1"
