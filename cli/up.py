"""`larkspur up`: everything on one machine, each part a process of its own."""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import TYPE_CHECKING

import click
from honcho.manager import Manager

from cli.announcer import Announcer
from cli.plan import plan
from cli.readiness import Readiness
from cli.valkey import Valkey
from shared.settings import UpSettings, read

if TYPE_CHECKING:
    from cli.plan import Plan


@click.command()
def command() -> None:
    """Run everything on this machine; Ctrl-C stops it all.

    Without FEISHU_APP_ID a simulator plays Feishu, without OPENAI_API_KEY it plays the model too,
    and without REDIS_URL a Valkey of our own keeps its data under .larkspur/.
    """
    settings = read(UpSettings)
    chosen = plan(settings, os.environ)
    data = settings.up.data / "valkey"
    valkey = Valkey(data, port=chosen.redis_port) if chosen.redis_port else None
    announcer = Announcer(sys.stdout)
    try:
        if valkey is not None:
            valkey.start()
        _run(chosen, announcer, valkey)
    finally:
        if valkey is not None:
            valkey.stop()
    if announcer.first_to_stop:
        print(f"larkspur: {announcer.first_to_stop}", file=sys.stderr)
        sys.exit(1)


def _run(chosen: Plan, announcer: Announcer, valkey: Valkey | None) -> None:
    """Run every process until one stops or we are told to; then stop them all."""
    os.environ.update(chosen.environment)
    manager = Manager(announcer)
    for name, command_line in chosen.processes.items():
        manager.add_process(name, command_line)
    ended = threading.Event()
    readiness = Readiness(chosen, ended)
    threads = [threading.Thread(target=readiness.announce, daemon=True)]
    if valkey is not None:
        threads.append(
            threading.Thread(target=_watch, args=(valkey, announcer, ended), daemon=True)
        )
    for thread in threads:
        thread.start()
    try:
        manager.loop()
    finally:
        ended.set()


def _watch(valkey: Valkey, announcer: Announcer, ended: threading.Event) -> None:
    """Stop everything if Valkey dies: it is not among the processes that stop together."""
    code = valkey.wait()
    if not ended.is_set():
        announcer.stopped("valkey", code, words=f"its last lines are in {valkey.log}")
        os.kill(os.getpid(), signal.SIGTERM)
