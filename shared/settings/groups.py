"""The groups of settings, one for each far side or part."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Self, get_args

from pydantic import (
    AfterValidator,
    Field,
    NonNegativeFloat,
    PositiveFloat,
    PositiveInt,
    SecretStr,
    StringConstraints,
    model_validator,
)
from pydantic_settings import NoDecode

from shared.errors import ConfigurationError
from shared.model.ids import AppId
from shared.model.language import Language
from shared.model.queue import QUEUES, Queue
from shared.settings.fields import (
    Group,
    Names,
    Origin,
    Port,
    Secret,
    some_of,
)
from shared.store import redis_url

if TYPE_CHECKING:
    from shared.store.address import Address

SourceName = Literal["long_connection", "sdk", "webhook"]
WhenBusy = Literal["collect", "each", "interrupt"]

FEISHU: Final = "https://open.feishu.cn"
LEAVING: Final = 10.0
"""Seconds in which a worker whose grace is over hands its turns over and closes its connections.
Then it is ended by force."""


class App(Group):
    """Which app this is; all its keys in Redis bear its id."""

    app_id: Annotated[AppId, StringConstraints(pattern=r"^cli_\w+$")] = Field(
        validation_alias="FEISHU_APP_ID"
    )


class Feishu(App):
    """The self-built app. `domain` is https://open.larksuite.com for Lark."""

    app_secret: SecretStr = Field(validation_alias="FEISHU_APP_SECRET")
    domain: Origin = Field(FEISHU, validation_alias="FEISHU_DOMAIN")


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


class Ingress(Group):
    """The process that takes events in, by every way of `sources`.

    `host` and `port` serve probes and metrics. `keep` names the kinds of events that are kept
    besides messages, recalls and callbacks; `*` is all that the app has subscribed to.
    `instant` is a module that answers callbacks at once. For `grace` seconds after SIGTERM
    nothing changes, so that a successor can connect first.
    """

    host: str = "127.0.0.1"
    port: Port = 8710
    max_event_bytes: PositiveInt = 4 * 1024 * 1024
    sources: Annotated[tuple[SourceName, ...], NoDecode, some_of(get_args(SourceName))] = (
        "long_connection",
    )
    keep: Names = ("*",)
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

    queues: Annotated[tuple[Queue, ...], NoDecode, some_of(QUEUES)] = QUEUES
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


class Handlers(Group):
    """The modules in which the team declares what else the bot does."""

    modules: Names = Field((), validation_alias="LARKSPUR_HANDLERS")


class Schedules(Group):
    """The file that says when what is to be run."""

    file: Path | None = Field(None, validation_alias="LARKSPUR_SCHEDULES")


class Beat(Group):
    """The process that knows when. Only if `port` is set are probes and metrics served."""

    host: str = "127.0.0.1"
    port: Port | None = None


class Reply(Group):
    """What an answer is shown as, if the platform takes it: else as what is next in the list.

    A card grows by a revision every `interval` seconds at most. With `in_thread` every answer opens
    a thread. `when_gone` says what becomes of the answer to a question that was recalled.
    With `pictures` those that an answer names by a public URL are fetched and shown.
    `language` is that of the bot's own words where nobody has said anything yet: Chinese on
    Feishu and English elsewhere, unless it is set.
    `reaction` is put on a question at once, and when it is answered `reaction_done` in its place.
    """

    form: Literal["card", "patched", "post", "text"] = "card"
    interval: PositiveFloat = 0.3
    in_thread: bool = False
    when_gone: Literal["drop", "send"] = "drop"
    pictures: bool = True
    language: Language | None = None
    reaction: str | None = None
    reaction_done: str | None = None


class Limits(Group):
    """How many calls the app may make: those of an API, of a chat, to a message or a card.

    `calls_a_month` is the tenant's quota, if it has one; what runs low of it is saved.
    """

    per_second: PositiveInt = 50
    per_minute: PositiveInt = 1000
    per_chat: PositiveInt = 5
    per_message: PositiveInt = 5
    per_card: PositiveInt = 10
    calls_a_month: PositiveInt | None = None


class Policy(Group):
    """Who is answered, and how much: the file of rules, if there is one (docs/rules.md)."""

    rules: Path | None = Field(None, validation_alias="LARKSPUR_RULES")


class History(Group):
    """How much of a conversation the model is shown, and for how long it is kept.

    The last `exchanges`, as far as they have `tokens` in all. `scope` is who shares one: a `chat`
    with all its threads, each `thread`, or each `user` of a chat. With `summary` the model
    sums up what has become too much for it.
    """

    scope: Literal["chat", "thread", "user"] = "thread"
    exchanges: PositiveInt = 20
    tokens: PositiveInt = 24_000
    summary: bool = False
    seconds: PositiveFloat = 7 * 24 * 3600.0


class Flower(Group):
    """The page that watches the workers.

    Where it is `read_only` it runs and stops nothing. In the file `db` it keeps what it has seen.
    """

    host: str = "127.0.0.1"
    port: Port = 5555
    user: str = "larkspur"
    password: SecretStr | None = None
    read_only: bool = False
    db: Path | None = None


class Trace(Group):
    """Where spans are sent as OTLP over HTTP, nowhere by default; a `ratio` of traces is kept."""

    endpoint: Annotated[str, StringConstraints(pattern=r"^https?://[^\s]+$")] | None = None
    ratio: Annotated[float, Field(ge=0, le=1)] = 1.0


class Log(Group):
    """`auto` is pretty on a terminal, else JSON."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    format: Literal["auto", "json", "pretty"] = "auto"


class Up(Group):
    """Everything on one machine (`larkspur up`). `data` is where an embedded Redis keeps its."""

    data: Path = Path(".larkspur")
    flower: bool = True
    simulator_port: Port = 8700
    redis_port: Port = 8720
