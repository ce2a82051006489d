"""Celery's settings, each with its reason. Celery carries wakes; the mailbox holds the truth.

What is not here has its default, or no meaning for threads (time limits, soft shutdown, the limits
of child processes), for Redis (AMQP's heartbeat), or without acks (the visibility timeout).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kombu import Queue

from shared.store import broker
from shared.store.keys import Keys
from shared.store.wake import BODY_ENCODING

if TYPE_CHECKING:
    from shared.settings import CelerySettings
    from shared.store.address import Address


def configuration(chosen: CelerySettings) -> dict[str, Any]:
    """Return what Celery is told."""
    redis = chosen.redis.address
    return {
        "broker_url": broker.url(redis),
        "broker_use_ssl": broker.tls(redis),
        "broker_connection_retry_on_startup": True,  # Redis may come up after us
        "broker_connection_max_retries": None,  # for ever; the orchestrator's patience decides
        "broker_channel_error_retry": True,  # a master that steps down says so as such an error
        "broker_transport_options": _transport(redis, Keys(chosen.app.app_id).prefix),
        "task_queues": [Queue(name) for name in chosen.worker.queues],
        "task_default_queue": chosen.worker.queues[0],
        "task_ignore_result": True,  # the mailbox, not the task, holds the outcome
        "task_acks_late": False,  # a lost wake is renewed, a late ack would double it
        "task_serializer": "json",
        "accept_content": ["json"],
        "task_send_sent_event": False,  # wakes are not published by Celery's producer
        "worker_pool": "threads",  # parking places: the turns run on one event loop
        "worker_concurrency": chosen.worker.concurrency,
        "worker_consumer": "workers.consumer:Consumer",
        "worker_disable_prefetch": True,  # a hoarded wake would wait behind a slow turn
        # Nor is anything to be prefetched with more care after a connection was lost.
        "worker_enable_prefetch_count_reduction": False,
        "worker_send_task_events": True,  # for Flower; they hold ids only
        # None is cancelled, for they are acked early; but False is warned of at every reconnect.
        "worker_cancel_long_running_tasks_on_connection_loss": True,
    }


def _transport(redis: Address, prefix: str) -> dict[str, Any]:
    return {
        **broker.options(redis),  # whom to ask for the master
        "global_keyprefix": prefix,  # all of an app's keys lie under one, Celery's too
        "client_name": "larkspur-worker",
        "body_encoding": BODY_ENCODING,
        # Kombu's way to ack keeps every wake in Redis a second time and asks it twice more, each
        # time on the thread that takes wakes, for a redelivery after an hour. Ours takes 5 s.
        "ack_emulation": False,
        "priority_steps": [0],  # wakes have no priorities: BRPOP asks for one key and not for four
        # Without these three a half-open connection is not noticed: BRPOP's is left after 6 to
        # 11 s, and nothing else that is asked of Redis blocks the consumer for longer than 5 s.
        "socket_timeout": 5,
        "socket_keepalive": True,
        "health_check_interval": 5,
        "socket_connect_timeout": 3,
    }
