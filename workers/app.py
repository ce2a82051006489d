"""The Celery app: the task shell around a turn, and how a worker process begins and ends.

`celery -A workers.app worker` and `larkspur worker` run the same thing.
"""

from __future__ import annotations

import sys
from functools import cache
from typing import TYPE_CHECKING, Any

import structlog
from celery import Celery, bootsteps
from celery.concurrency import get_implementation
from celery.exceptions import OperationalError
from celery.signals import (
    setup_logging,
    task_postrun,
    task_prerun,
    worker_init,
    worker_ready,
    worker_shutdown,
)
from celery.worker import state as celery_state
from celery.worker.consumer.tasks import Tasks
from celery.worker.control import inspect_command

from shared import logging
from shared.errors import EX_CONFIG, ConfigurationError
from shared.memory import settle_down
from shared.model.ids import ConversationId
from shared.model.queue import TASKS, TURN
from shared.settings import CelerySettings, WorkerSettings, read
from workers.bootstrap import start
from workers.configuration import configuration
from workers.consumer import note_answers
from workers.loop import Loop
from workers.stopping import Stopping

if TYPE_CHECKING:
    from workers.worker import Worker

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


@cache
def settings() -> CelerySettings:
    """Return what Celery was started with.

    Raises:
        ConfigurationError: one line for every setting that is missing, wrong or misspelt.
    """
    return read(CelerySettings)


app = Celery("larkspur", amqp="workers.consumer:Amqp")
app.add_defaults(lambda: configuration(settings()))  # when Celery first needs it, not at import


class _Process:
    """What `worker_init` starts and `worker_shutdown` ends."""

    loop: Loop
    worker: Worker
    stopping: Stopping


def follow(conversation: str) -> str:
    """Follow a wake; return in one word what came of it. A turn that is deferred has succeeded."""
    return _Process.loop.run(_Process.worker.turn(ConversationId(conversation)))


# Whatever a wake is named, it is followed: the names are for who watches. `turn` was all there was.
turn = app.task(name=TURN)(follow)
for name in TASKS.values():
    app.task(name=name)(follow)


@inspect_command()
def stats(state: Any) -> dict[str, Any]:
    """Answer Flower in Celery's stead, which would tell it the password of the Sentinels."""
    told: dict[str, Any] = state.consumer.controller.stats()
    told["broker"] = {}
    return told


def alive(*, timeout: float) -> list[str]:
    """Return the names of the workers that answer within `timeout` seconds."""
    try:
        return [name for answer in app.control.ping(timeout=timeout) for name in answer]
    except OperationalError:  # Redis is away, so nobody can be asked
        return []


@setup_logging.connect
def _configure_logging(**_: object) -> None:
    logging.configure(level=settings().log.level, format=settings().log.format)


@worker_init.connect
def _start(sender: Any, **_: object) -> None:
    _Process.loop = Loop()
    try:
        _configure_logging()  # Celery sets it up after this, and what starts here has things to say
        _require_agreement(sender)
        _Process.worker = _Process.loop.run(start(read(WorkerSettings)))
    except ConfigurationError as error:  # Celery would log it, and go on without us
        print(f"worker: {error}", file=sys.stderr)  # noqa: T201 - as the ingress does
        raise SystemExit(EX_CONFIG) from error


def _require_agreement(worker: Any) -> None:
    """Have Celery's command line say nothing that our settings say otherwise.

    Raises:
        ConfigurationError: it does.
    """
    if get_implementation(worker.pool_cls) is not get_implementation("threads"):
        raise ConfigurationError(
            "--pool: is threads; they only wait for turns, which run on one event loop"
        )
    if worker.concurrency != settings().worker.concurrency:
        raise ConfigurationError("--concurrency: is set by LARKSPUR_WORKER__CONCURRENCY")


class _Stops(bootsteps.StartStopStep):
    """Hands the turns over, whatever stops Celery: a signal, Flower, or an error of its own."""

    def start(self, worker: Any) -> None:
        def leave() -> None:
            celery_state.should_stop = 0
            worker.hub.call_soon(bool)  # so that it looks at once

        _Process.stopping = Stopping(_Process.loop, _Process.worker, leave)
        _Process.stopping.listen()

    def close(self, _: Any) -> None:
        _Process.stopping.begin()


class _Hears(bootsteps.StartStopStep):
    """Notes when Redis answers the consumer, over every connection that it makes."""

    requires = (Tasks,)

    def start(self, consumer: Any) -> None:
        note_answers(consumer.task_consumer.channel, _Process.worker.health.hear)


app.steps["worker"].add(_Stops)
app.steps["consumer"].add(_Hears)


@worker_ready.connect
def _tell_ready(**_: object) -> None:
    _Process.worker.health.begin()
    settle_down()
    log.info("worker.ready", concurrency=settings().worker.concurrency)


@worker_shutdown.connect
def _close(**_: object) -> None:
    _Process.loop.run(_Process.worker.close())
    _Process.loop.close()
    log.info("worker.stopped")


@task_prerun.connect
def _bind(task_id: str, **_: object) -> None:
    structlog.contextvars.bind_contextvars(task_id=task_id)


@task_postrun.connect
def _unbind(**_: object) -> None:
    structlog.contextvars.clear_contextvars()
