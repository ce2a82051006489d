"""Settings: one frozen group per far side, one class per process, read once in its root.

Names people already know stay as they are (`FEISHU_APP_ID`); all others are
`LARKSPUR_<GROUP>__<FIELD>`. Values come from the environment, else from `.env`. Seconds are
floats.
"""

from __future__ import annotations

import difflib
import os
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final, Literal, TypeVar

from dotenv import load_dotenv
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PositiveFloat,
    PositiveInt,
    SecretStr,
    StringConstraints,
    ValidationError,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.errors import ConfigurationError
from shared.model.ids import AppId
from shared.store import redis_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic_core import ErrorDetails

    from shared.store.address import Address

PREFIX: Final = "LARKSPUR_"

Port = Annotated[int, Field(ge=1, le=65535)]
Origin = Annotated[
    str,
    AfterValidator(lambda url: url.rstrip("/")),
    StringConstraints(pattern=r"^https?://[^/\s]+/?$"),
]


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
    """The one process that holds the connection. `host` and `port` serve probes and metrics."""

    host: str = "127.0.0.1"
    port: Port = 8710
    max_event_bytes: PositiveInt = 4 * 1024 * 1024


class Worker(Group):
    """One worker process. `lease` is how long it may be silent before others take its turns."""

    concurrency: PositiveInt = 100
    deadline: PositiveFloat = 300.0
    lease: PositiveFloat = 15.0
    attempts: PositiveInt = 5
    grace: PositiveFloat = 3.0


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
    Worker,
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
    log: Log


class WorkerSettings(Settings):
    feishu: Feishu
    redis: Redis
    model: Model
    worker: Worker
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
