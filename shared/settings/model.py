"""The settings of whoever writes the answers."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import (
    Field,
    FilePath,
    PositiveFloat,
    PositiveInt,
    SecretStr,
    model_validator,
)

from shared.errors import ConfigurationError
from shared.settings.fields import Group, Names

Dollars = Annotated[float, Field(ge=0, le=1e6)]


class Model(Group):
    """The mind that answers.

    `responder` is how it is asked: `chat` directly behind an OpenAI-compatible endpoint, `agent` by
    pydantic-ai, `command` as a program; `auto` is `agent` where anything needs one. A model is
    named `provider:model`, or by its name alone behind `base_url`. `choices` may be asked for with
    /model; `fallbacks` stand in, in their order, for one that fails. `sees` says whether it can
    look at pictures; if not, it is told that there are some.

    `tools` are modules, `mcp` is a file of servers, and tools that `ask_first` names, by patterns
    such as `delete_*`, are used when somebody has allowed it within `approval_seconds`. One answer
    takes at most so many `requests` and `tokens`, and a tool so many seconds.

    `prices` go before those that are known: dollars per million tokens read and written, as JSON:
    {"gpt-5-mini": [0.25, 2.0]}.
    """

    responder: Literal["auto", "chat", "agent", "command"] = Field(
        "auto", validation_alias="RESPONDER"
    )
    name: str = Field("gpt-5-mini", validation_alias="LLM_MODEL", min_length=1)
    fallbacks: Names = Field((), validation_alias="LLM_FALLBACKS")
    choices: Names = ()
    api_key: SecretStr = Field(SecretStr(""), validation_alias="OPENAI_API_KEY")
    base_url: str = Field("https://api.openai.com/v1", validation_alias="OPENAI_BASE_URL")
    sees: bool = True
    instructions: str = "You are a helpful assistant in a team chat. Answer briefly."
    instructions_file: FilePath | None = None
    tools: Names = ()
    mcp: FilePath | None = None
    ask_first: Names = ()
    approval_seconds: PositiveFloat = 3600.0
    tool_seconds: PositiveFloat = 60.0
    requests: PositiveInt = 20
    tokens: PositiveInt | None = None
    prices: dict[str, tuple[Dollars, Dollars]] = Field(default_factory=dict)

    @property
    def models(self) -> tuple[str, ...]:
        """The models that may be asked for, the first one unless somebody asks for another."""
        return tuple(dict.fromkeys((self.name, *self.choices)))

    @property
    def every(self) -> frozenset[str]:
        """All models that may answer, by their names with and without their providers."""
        named = (*self.models, *self.fallbacks)
        return frozenset((*named, *(name.rpartition(":")[2] for name in named)))

    @property
    def key(self) -> str:
        """What `base_url` is shown."""
        return self.api_key.get_secret_value()

    @property
    def asked_by(self) -> Literal["chat", "agent", "command"]:
        """How it is asked, once `auto` is decided."""
        if self.responder != "auto":
            return self.responder
        foreign = any(":" in name and not name.startswith("openai:") for name in self.models)
        return "agent" if foreign or self.fallbacks or self.tools or self.mcp else "chat"

    @property
    def told(self) -> str:
        """The instructions, from their file if there is one.

        Raises:
            ConfigurationError: it cannot be read.
        """
        if self.instructions_file is None:
            return self.instructions
        try:
            return self.instructions_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError(f"LARKSPUR_MODEL__INSTRUCTIONS_FILE: {error}") from error

    @model_validator(mode="after")
    def _is_reached(self) -> Self:
        if self.asked_by == "chat" and not self.key:
            raise ConfigurationError("OPENAI_API_KEY: is not set")
        if self.asked_by == "chat" and (self.fallbacks or self.tools or self.mcp):
            raise ConfigurationError(
                "RESPONDER: chat has neither tools nor fallbacks; they need RESPONDER=agent"
            )
        return self
