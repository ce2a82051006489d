"""The Celery app: its settings, each with its reason, and the task shell around a turn.

`celery -A workers.app worker` and `larkspur worker` run the same thing.
"""

from __future__ import annotations

import sys
from functools import cache
from typing import Any

import structlog
from celery import Celery
from celery.signals import (
    setup_logging,
    task_postrun,
    task_prerun,
    worker_init,
    worker_ready,
    worker_shutdown,
    worker_shutting_down,
)
from celery.worker.control import inspect_command
from kombu import Queue

from shared import logging
from shared.errors import EX_CONFIG, ConfigurationError
from shared.model.ids import ConversationId
from shared.settings import CelerySettings, WorkerSettings, read
from shared.store import broker
from shared.store.keys import Keys
from shared.store.wake import BODY_ENCODING, TASK
from workers.bootstrap import Worker, start
from workers.loop import Loop

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


@cache
def settings() -> CelerySettings:
    """Return what Celery was started with.

    Raises:
        ConfigurationError: one line for every setting that is missing, wrong or misspelt.
    """
    return read(CelerySettings)


def configuration() -> dict[str, Any]:
    """Return Celery's settings. Celery carries wakes; the mailbox holds the truth."""
    chosen = settings()
    redis = chosen.redis.address
    return {
        "broker_url": broker.url(redis),
        "broker_use_ssl": broker.tls(redis),
        "broker_connection_retry_on_startup": True,  # Redis may come up after us
        "broker_connection_max_retries": None,  # for ever; the orchestrator's patience decides
        "broker_channel_error_retry": True,  # a master that steps down says so as such an error
        "broker_transport_options": {
            **broker.options(redis),  # whom to ask for the master
            # All of an app's keys lie under one prefix, Celery's too.
            "global_keyprefix": Keys(chosen.app.app_id).prefix,
            # Without these three a half-open connection is not noticed for minutes.
            "socket_timeout": 5,
            "socket_keepalive": True,
            "health_check_interval": 5,
            "socket_connect_timeout": 3,
            "client_name": "larkspur-worker",
            "body_encoding": BODY_ENCODING,
        },
        "task_queues": [Queue(name) for name in chosen.worker.queues],
        "task_default_queue": chosen.worker.queues[0],
        "task_ignore_result": True,  # the mailbox, not the task, holds the outcome
        "task_acks_late": False,  # a lost wake is renewed, a late ack would double it
        "worker_disable_prefetch": True,  # a hoarded wake would wait behind a slow turn
        "worker_prefetch_multiplier": 1,
        "worker_pool": "threads",  # parking places: the turns run on one event loop
        "worker_concurrency": chosen.worker.concurrency,
        "task_serializer": "json",
        "accept_content": ["json"],
        "worker_send_task_events": True,  # for Flower; they hold ids only
        "task_send_sent_event": False,  # wakes are not published by Celery's producer
        # None is cancelled, for they are acked early; but False is warned of at every reconnect.
        "worker_cancel_long_running_tasks_on_connection_loss": True,
        "worker_hijack_root_logger": False,
        "worker_redirect_stdouts": False,
    }


app = Celery("larkspur")
app.add_defaults(configuration)  # read when Celery first needs it, not at import


class _Process:
    """What `worker_init` starts and `worker_shutdown` ends."""

    loop: Loop
    worker: Worker


@app.task(name=TASK)
def turn(conversation: str) -> str:
    """Follow a wake; return in one word what came of it."""
    return _Process.loop.run(_Process.worker.turn(ConversationId(conversation)))


@inspect_command()
def stats(state: Any) -> dict[str, Any]:
    """Answer Flower in Celery's stead, which would tell it the password of the Sentinels."""
    told: dict[str, Any] = state.consumer.controller.stats()
    told["broker"] = {}
    return told


def alive(*, timeout: float) -> list[str]:
    """Return the names of the workers that answer within `timeout` seconds."""
    return [name for answer in app.control.ping(timeout=timeout) for name in answer]


@setup_logging.connect
def _configure_logging(**_: object) -> None:
    logging.configure(level=settings().log.level, format=settings().log.format)


@worker_init.connect
def _start(**_: object) -> None:
    _Process.loop = Loop()
    try:
        _Process.worker = _Process.loop.run(start(read(WorkerSettings)))
    except ConfigurationError as error:  # Celery would log it, and go on without us
        print(f"worker: {error}", file=sys.stderr)  # noqa: T201 - as the ingress does
        raise SystemExit(EX_CONFIG) from error


@worker_ready.connect
def _tell_ready(**_: object) -> None:
    log.info("worker.ready", concurrency=settings().worker.concurrency)


@worker_shutting_down.connect
def _stop(**_: object) -> None:
    log.info("worker.stopping", grace=settings().worker.grace)
    _Process.loop.call(_Process.worker.stop)


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
