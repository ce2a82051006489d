"""Settings: one frozen group per far side, one class per process, read once in its root.

Names people already know stay as they are (`FEISHU_APP_ID`); all others are
`LARKSPUR_<GROUP>__<FIELD>`. Values come from the environment, else from `.env`. Seconds are
floats.
"""

from __future__ import annotations

import difflib
import os
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final, Literal, Self, TypeVar, get_args

from dotenv import load_dotenv
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    NonNegativeFloat,
    PositiveFloat,
    PositiveInt,
    SecretStr,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from shared.errors import ConfigurationError
from shared.model.ids import AppId
from shared.model.queue import QUEUES, Queue
from shared.store import redis_url

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pydantic_core import ErrorDetails

    from shared.store.address import Address

PREFIX: Final = "LARKSPUR_"

SourceName = Literal["long_connection", "sdk", "webhook"]
WhenBusy = Literal["collect", "each", "interrupt"]

LEAVING: Final = 10.0
"""Seconds in which a worker whose grace is over hands its turns over and closes its connections.
Then it is ended by force."""

Port = Annotated[int, Field(ge=1, le=65535)]
Secret = Annotated[SecretStr, Field(min_length=1)]
Origin = Annotated[
    str,
    AfterValidator(lambda url: url.rstrip("/")),
    StringConstraints(pattern=r"^https?://[^/\s]+/?$"),
]


Names = Annotated[
    tuple[str, ...],
    NoDecode,
    BeforeValidator(
        lambda given: (
            [name.strip() for name in given.split(",") if name.strip()]
            if isinstance(given, str)
            else given
        )
    ),
]
"""Names separated by commas."""


def _some_of(known: Sequence[str]) -> BeforeValidator:
    """Read one or more of some names, separated by commas; one named twice is meant once."""

    def read(names: object) -> object:
        if isinstance(names, str):
            names = tuple(dict.fromkeys(filter(None, map(str.strip, names.split(",")))))
        if not isinstance(names, tuple) or not names or not set(names) <= {*known}:
            raise PydanticCustomError(
                "names", "is to be one or more of {known}", {"known": ", ".join(known)}
            )
        return names

    return BeforeValidator(read)


class Group(BaseSettings):
    """Settings that belong together, each under one name."""

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", validate_by_name=True, env_ignore_empty=True
    )
    title: ClassVar[str]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.title = cls.__name__.upper()
        cls.model_config["env_prefix"] = f"{PREFIX}{cls.title}__"

    @classmethod
    def names(cls) -> Iterator[str]:
        """Yield the environment name of every field."""
        for field, declared in cls.model_fields.items():
            yield str(declared.validation_alias or f"{PREFIX}{cls.title}__{field.upper()}")


class App(Group):
    """Which app this is; all its keys in Redis bear its id."""

    app_id: Annotated[AppId, StringConstraints(pattern=r"^cli_\w+$")] = Field(
        validation_alias="FEISHU_APP_ID"
    )


class Feishu(App):
    """The self-built app. `domain` is https://open.larksuite.com for Lark."""

    app_secret: SecretStr = Field(validation_alias="FEISHU_APP_SECRET")
    domain: Origin = Field("https://open.feishu.cn", validation_alias="FEISHU_DOMAIN")


def _readable(url: SecretStr) -> SecretStr:
    redis_url.read(url.get_secret_value())
    return url


class Redis(Group):
    """Redis >= 6.2 or Valkey, with appendonly on and maxmemory-policy noeviction."""

    url: Annotated[SecretStr, AfterValidator(_readable)] = Field(
        SecretStr("redis://127.0.0.1:6379/0"), validation_alias="REDIS_URL"
    )  # it may hold a password

    @property
    def address(self) -> Address:
        """Where that is."""
        return redis_url.read(self.url.get_secret_value())


class Model(Group):
    """The model that answers, behind any OpenAI-compatible endpoint."""

    name: str = Field("gpt-5-mini", validation_alias="LLM_MODEL")
    api_key: SecretStr = Field(validation_alias="OPENAI_API_KEY")
    base_url: str = Field("https://api.openai.com/v1", validation_alias="OPENAI_BASE_URL")
    instructions: str = "You are a helpful assistant in a team chat. Answer briefly."


class Ingress(Group):
    """The process that takes events in, by every way of `sources`.

    `host` and `port` serve probes and metrics. `keep` names further kinds of events, `*` all.
    `instant` is a module that answers callbacks at once. For `grace` seconds after SIGTERM
    nothing changes, so that a successor can connect first.
    """

    host: str = "127.0.0.1"
    port: Port = 8710
    max_event_bytes: PositiveInt = 4 * 1024 * 1024
    sources: Annotated[tuple[SourceName, ...], NoDecode, _some_of(get_args(SourceName))] = (
        "long_connection",
    )
    keep: Names = ()
    instant: str | None = None
    grace: NonNegativeFloat = 5.0


class Webhook(Group):
    """Where events are posted to, and how the platform is recognised.

    The Encrypt Key makes it encrypt and sign; the Verification Token it writes into every event.
    `insecure` allows for neither. A signature counts for `timestamp_window` seconds: longer than
    the ladder, since nothing tells whether it signs anew, and no longer than dedup remembers.
    """

    host: str = "127.0.0.1"
    port: Port = 8711
    path: Annotated[str, StringConstraints(pattern=r"^/[^\s?#]*$")] = "/webhook/event"
    encrypt_key: Secret | None = Field(None, validation_alias="FEISHU_ENCRYPT_KEY")
    verification_token: Secret | None = Field(None, validation_alias="FEISHU_VERIFICATION_TOKEN")
    insecure: bool = False
    max_body_bytes: PositiveInt = 1024 * 1024
    timestamp_window: Annotated[float, Field(gt=0, le=24 * 3600)] = 8 * 3600.0


def _grace(read: dict[str, Any]) -> float:
    """Derive it from when the worker is killed, if that is known."""
    killed_after = read.get("killed_after")
    return 3.0 if killed_after is None else max(0.0, killed_after - LEAVING)


class Worker(Group):
    """One worker process. `lease` is how long it may be silent before others take its turns.

    After SIGTERM its turns have `grace` seconds. `killed_after` is when whoever runs it will kill
    it; grace is then what that leaves. Only if `port` is set are probes and metrics served.

    Who has waited `position_after` seconds is shown how many are ahead.
    `when_busy` says what becomes of messages that come while a turn runs: `collect` answers them
    together afterwards, `each` one by one, `interrupt` instead; `when_busy_in` names chats that
    differ, as JSON: {"oc_...": "each"}.
    """

    queues: Annotated[tuple[Queue, ...], NoDecode, _some_of(QUEUES)] = QUEUES
    when_busy: WhenBusy = "collect"
    when_busy_in: dict[str, WhenBusy] = Field(default_factory=dict)
    concurrency: PositiveInt = 100
    deadline: PositiveFloat = 300.0
    lease: PositiveFloat = 12.0
    position_after: PositiveFloat = 5.0
    attempts: PositiveInt = 5
    killed_after: PositiveFloat | None = None
    grace: NonNegativeFloat = Field(default_factory=_grace)
    host: str = "127.0.0.1"
    port: Port | None = None

    @model_validator(mode="after")
    def _leaves_before_it_is_killed(self) -> Self:
        if self.killed_after is not None and self.grace + LEAVING > self.killed_after:
            raise ConfigurationError(
                f"LARKSPUR_WORKER__KILLED_AFTER: {self.killed_after:g} s are too few for"
                f" LARKSPUR_WORKER__GRACE, {self.grace:g} s, and the {LEAVING:g} s it takes to"
                " leave; in Kubernetes it is terminationGracePeriodSeconds, in systemd"
                " TimeoutStopSec"
            )
        return self


class Reply(Group):
    """What an answer is shown as. A card grows by a revision every `interval` seconds at most."""

    form: Literal["card", "text"] = "card"
    interval: PositiveFloat = 0.3


class History(Group):
    """How much of a conversation the model is shown, and for how long it is kept."""

    exchanges: PositiveInt = 20
    seconds: PositiveFloat = 7 * 24 * 3600.0


class Flower(Group):
    """The page that watches the workers."""

    host: str = "127.0.0.1"
    port: Port = 5555
    user: str = "larkspur"
    password: SecretStr | None = None


class Log(Group):
    """`auto` is pretty on a terminal, else JSON."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    format: Literal["auto", "json", "pretty"] = "auto"


class Up(Group):
    """Everything on one machine (`larkspur up`)."""

    simulator_port: Port = 8700
    redis_port: Port = 8720


GROUPS: Final[tuple[type[Group], ...]] = (
    App,
    Feishu,
    Redis,
    Model,
    Ingress,
    Webhook,
    Worker,
    Reply,
    History,
    Flower,
    Log,
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
    worker: Worker
    reply: Reply
    history: History
    log: Log


class CelerySettings(Settings):
    """What Celery itself needs, in a worker as in Flower."""

    app: App
    redis: Redis
    worker: Worker
    log: Log


class FlowerSettings(Settings):
    flower: Flower


class UpSettings(Settings):
    ingress: Ingress
    flower: Flower
    up: Up


S = TypeVar("S", bound=Settings)


def read(kind: type[S]) -> S:
    """Build a process's settings.

    Raises:
        ConfigurationError: one line for every setting that is missing, wrong or misspelt.
    """
    load_dotenv(".env")
    faults = list(_misspelt())
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
