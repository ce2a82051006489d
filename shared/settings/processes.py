"""What each process needs of the settings, and how they are read: once, in its root."""

from __future__ import annotations

import difflib
import os
from typing import TYPE_CHECKING, Final, Self, TypeVar

from dotenv import load_dotenv
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from shared.errors import ConfigurationError
from shared.settings.command import Command
from shared.settings.fields import PREFIX, Group
from shared.settings.groups import (
    FEISHU,
    App,
    Beat,
    Feishu,
    Flower,
    Handlers,
    History,
    Ingress,
    Limits,
    Log,
    Policy,
    Redis,
    Reply,
    Schedules,
    Trace,
    Up,
    Webhook,
    Worker,
)
from shared.settings.model import Model
from shared.settings.secret_files import read_secret_files, secret_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic_core import ErrorDetails

    from shared.model.language import Language

GROUPS: Final[tuple[type[Group], ...]] = (
    App,
    Feishu,
    Redis,
    Model,
    Command,
    Ingress,
    Webhook,
    Worker,
    Handlers,
    Schedules,
    Beat,
    Reply,
    Limits,
    Policy,
    History,
    Flower,
    Log,
    Trace,
    Up,
)
_BY_NAME: Final = {group.__name__.lower(): group for group in GROUPS}


class Settings(BaseModel):
    """What one process needs, and no key it could leak on another's behalf."""

    model_config = ConfigDict(frozen=True)


class IngressSettings(Settings):
    feishu: Feishu
    redis: Redis
    ingress: Ingress
    webhook: Webhook
    log: Log
    trace: Trace

    @model_validator(mode="after")
    def _strangers_are_kept_out(self) -> Self:
        webhook = self.webhook
        guarded = webhook.encrypt_key or webhook.verification_token or webhook.insecure
        if "webhook" in self.ingress.sources and not guarded:
            raise ConfigurationError(
                "FEISHU_ENCRYPT_KEY, FEISHU_VERIFICATION_TOKEN: neither is set, so anybody could"
                " post events; LARKSPUR_WEBHOOK__INSECURE=true allows it"
            )
        return self


class WorkerSettings(Settings):
    feishu: Feishu
    redis: Redis
    model: Model
    command: Command
    worker: Worker
    handlers: Handlers
    reply: Reply
    limits: Limits
    policy: Policy
    history: History
    log: Log
    trace: Trace

    @property
    def language(self) -> Language:
        """What the bot's own words are in where nobody has said anything yet."""
        return self.reply.language or ("zh" if self.feishu.domain == FEISHU else "en")


class CelerySettings(Settings):
    """What Celery itself needs, in a worker as in Flower."""

    app: App
    redis: Redis
    worker: Worker
    log: Log


class OperatorSettings(Settings):
    """What a person needs who looks after the conversations."""

    app: App
    redis: Redis


class BeatSettings(Settings):
    """What the process needs that knows what is due."""

    app: App
    redis: Redis
    schedules: Schedules
    beat: Beat
    log: Log


class FlowerSettings(Settings):
    flower: Flower


class UpSettings(Settings):
    ingress: Ingress
    flower: Flower
    up: Up


S = TypeVar("S", bound=Settings)


def read(kind: type[S]) -> S:
    """Build a process's settings from the environment, `.env`, and files that hold secrets.

    Raises:
        ConfigurationError: one line for every setting that is missing, wrong or misspelt.
    """
    load_dotenv(".env")
    faults = list(read_secret_files(os.environ, secret_names(GROUPS)))
    faults += _misspelt()
    groups: dict[str, Group] = {}
    for name in kind.model_fields:
        group = _BY_NAME[name]
        try:
            groups[name] = group()
        except ValidationError as error:
            faults += (_described(group, fault) for fault in error.errors())
        except ConfigurationError as error:  # a validator has said it all
            faults.append(str(error))
    if faults:
        raise ConfigurationError("\n".join(faults))
    return kind(**groups)


def known_names() -> list[str]:
    """Return the name of every setting of every process."""
    return list(dict.fromkeys(name for group in GROUPS for name in group.names()))


def _misspelt() -> Iterator[str]:
    known = known_names()
    for name in sorted(os.environ):
        if name.startswith(PREFIX) and name not in known:
            nearest = difflib.get_close_matches(name, known, n=1, cutoff=0.0)
            yield f"{name}: no such setting; did you mean {nearest[0]}?"


def _described(group: type[Group], fault: ErrorDetails) -> str:
    place = str(fault["loc"][0])
    name = f"{PREFIX}{group.title}__{place.upper()}" if place in group.model_fields else place
    if fault["type"] == "missing":
        return f"{name}: is not set"
    return f"{name}: {fault['msg']}"
