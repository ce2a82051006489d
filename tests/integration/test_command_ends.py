"""However a run ends, nothing of it is left: no process, no descriptor."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import uvloop

from tests.eventually import eventually, soon
from tests.integration.commanded import HELLO, shell
from tests.processes import Process
from workers.loop import Loop
from workers.responders.command.program import connected

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

    from shared.settings import Command

STUBBORN = """
trap '' TERM
setsid sh -c "trap '' TERM; echo \\$\\$ >> ../pids; sleep 60; sleep 60" &
sh -c 'echo $$ >> ../pids; exec sleep 60' &
echo $$ >> ../pids
while :; do sleep 60; done
"""
WORKER = """
import sys, pathlib
from tests.integration.commanded import ask, shell
ask(shell(pathlib.Path(sys.argv[1]), sys.argv[2]))
"""
PATH = {"PYTHONPATH": str(Path(__file__).parents[2])}
linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


def living(folder: Path) -> list[int]:
    """Return the processes that a test's script told of, and that are still there."""
    told = folder / "pids"
    pids = map(int, told.read_text().split()) if told.exists() else ()
    return [pid for pid in pids if is_alive(pid)]


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def children() -> list[int]:
    """Return our own children, the dead among them too, but for those of other tests."""
    listed = Path("/proc/self/task").glob("*/children")
    pids = [int(pid) for each in listed for pid in each.read_text().split()]
    return [pid for pid in pids if pid not in others]


others: set[int] = set()


@pytest.fixture(autouse=True)
def servers_of_other_tests() -> None:
    """What this process has started before: servers that live as long as the session."""
    others.clear()
    others.update(children())


def descriptors() -> int:
    return len([*Path("/proc/self/fd").iterdir()])


async def cancelled(settings: Command, when: Callable[[], Coroutine[Any, Any, object]]) -> None:
    """Cancel a turn at some time, and wait for its end."""
    async with connected(settings) as program:
        turn = asyncio.create_task(program.answer(HELLO, lambda _: None))
        await when()
        turn.cancel()
        with pytest.raises(asyncio.CancelledError):
            await turn


async def all_run(folder: Path) -> bool:
    return len(await asyncio.to_thread(living, folder)) == 3


@pytest.mark.parametrize("run", [asyncio.run, uvloop.run], ids=["asyncio", "uvloop"])
def test_cancelled_turn_ends_all_that_the_program_started(
    tmp_path: Path, run: Callable[[Coroutine[Any, Any, None]], None]
) -> None:
    run(cancelled(shell(tmp_path, STUBBORN), lambda: soon(lambda: all_run(tmp_path))))

    assert living(tmp_path) == []


@linux
def test_turn_may_be_cancelled_at_any_moment_of_the_start(tmp_path: Path) -> None:
    settings = shell(tmp_path, "echo $$ >> ../pids; exec sleep 60")
    uvloop.run(cancelled(settings, lambda: asyncio.sleep(0)))  # the first loop opens some for good
    before = descriptors()

    async def all_moments() -> None:
        for steps in range(24):

            async def pause(steps: int = steps) -> None:
                for _ in range(steps):
                    await asyncio.sleep(0 if steps < 16 else 0.002)

            await cancelled(settings, pause)

    uvloop.run(all_moments())
    eventually(lambda: living(tmp_path) == [] and children() == [])
    assert descriptors() <= before


@linux
def test_runs_leave_no_descriptors_and_no_zombies(tmp_path: Path) -> None:
    async def many() -> tuple[int, int]:
        async with connected(shell(tmp_path, "cat; echo $$ >> ../pids")) as program:
            await program.answer(HELLO, lambda _: None)
            before = await asyncio.to_thread(descriptors)
            await asyncio.gather(*(program.answer(HELLO, lambda _: None) for _ in range(10)))
            return before, await asyncio.to_thread(descriptors)

    before, after = uvloop.run(many())

    assert after <= before
    assert living(tmp_path) == children() == []


def test_second_cancel_waits_for_nothing_and_the_program_ends_all_the_same(tmp_path: Path) -> None:
    async def twice() -> None:
        async with connected(shell(tmp_path, STUBBORN)) as program:
            turn = asyncio.create_task(program.answer(HELLO, lambda _: None))
            await soon(lambda: all_run(tmp_path))
            turn.cancel()
            await asyncio.sleep(0)
            turn.cancel()
            with pytest.raises(asyncio.CancelledError):
                await turn
            assert await all_run(tmp_path)
            await soon(nothing_runs)

    async def nothing_runs() -> bool:
        return len(asyncio.all_tasks()) == 1

    uvloop.run(twice())

    assert living(tmp_path) == []


def test_fault_of_whoever_shows_the_answer_ends_the_run(tmp_path: Path) -> None:
    async def shown() -> None:
        def revise(_: object) -> None:
            raise LookupError

        async with connected(shell(tmp_path, "echo $$ | tee ../pids; sleep 60")) as program:
            await program.answer(HELLO, revise)

    with pytest.raises(LookupError):
        uvloop.run(shown())

    assert living(tmp_path) == []


def test_worker_that_is_killed_takes_the_program_along(tmp_path: Path) -> None:
    worker = Process("worker", ("-c", WORKER, str(tmp_path), STUBBORN), PATH, tmp_path / "log")
    eventually(lambda: len(living(tmp_path)) == 3)

    worker.kill()

    eventually(lambda: living(tmp_path) == [])


@linux
def test_keeper_that_is_killed_takes_the_program_along(tmp_path: Path) -> None:
    async def killed() -> str:
        async with connected(shell(tmp_path, "echo $$ > ../pids; exec sleep 60")) as program:
            turn = asyncio.create_task(program.answer(HELLO, lambda _: None))
            await soon(lambda: asyncio.to_thread(living, tmp_path))
            (keeper,) = await asyncio.to_thread(children)
            os.kill(keeper, 9)
            (fault,) = await asyncio.gather(turn, return_exceptions=True)
            return str(fault)

    assert uvloop.run(killed()) == "the program was killed"
    eventually(lambda: living(tmp_path) == [])


def test_program_runs_on_the_loop_of_a_worker(tmp_path: Path) -> None:
    loop = Loop()

    async def asked() -> str:
        async with connected(shell(tmp_path, "cat")) as program:
            return (await program.answer(HELLO, lambda _: None)).progress.text

    try:
        assert loop.run(asked()) == "hello?"
    finally:
        loop.close()
