"""The rules by which the bot answers: what a rules file says, key by key. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PositiveInt,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

from shared.model.ids import ChatId, OpenId
from workers.policy.money import millionths

Answers = Literal["mentioned", "always"]
Allowed = Literal["admins", "everybody"]

People = frozenset[Annotated[OpenId, StringConstraints(pattern=r"^ou_[0-9A-Za-z_]+$")]]
Departments = frozenset[Annotated[str, StringConstraints(pattern=r"^od-[0-9A-Za-z]+$")]]
Dollars = Annotated[float, Field(gt=0, le=1e9)]
Chat = Annotated[ChatId, StringConstraints(pattern=r"^oc_[0-9A-Za-z_]+$")]


class Table(BaseModel):
    """A table of the file; a key that it does not know is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class PeopleTable(Table):
    """Who may talk to the bot: everybody, unless one of the first two names somebody."""

    allow: People = frozenset()
    departments: Departments = frozenset()
    block: People = frozenset()
    block_departments: Departments = frozenset()


class ChatsTable(Table):
    """In which groups it answers: all, unless `allow` names some."""

    allow: frozenset[Chat] = frozenset()
    block: frozenset[Chat] = frozenset()


class GroupsTable(Table):
    """What is answered in groups; `at_all` says whether a mention of everybody is one of it."""

    answers: Answers = "mentioned"
    at_all: bool = False


class ChatTable(Table):
    """One chat: what is left out is as everywhere."""

    answers: Answers | None = None
    at_all: bool | None = None
    instructions: str | None = None
    instructions_file: Annotated[str, StringConstraints(pattern=r"^[^\x00]+$")] | None = None
    model: str = ""

    @model_validator(mode="after")
    def _is_told_once(self) -> Self:
        if self.instructions is not None and self.instructions_file is not None:
            raise PydanticCustomError("twice", "instructions or instructions_file, not both")
        return self


class RateTable(Table):
    """How many messages of one user are answered in a minute."""

    per_minute: PositiveInt | None = None


class Limit(NamedTuple):
    """What an account may use in a day: tokens, and millionths of a dollar. None is no limit."""

    tokens: int | None
    price: int | None


class BudgetTable(Table):
    """What one user, one chat, and all together may use in a day; money in US dollars."""

    user_tokens: PositiveInt | None = None
    user_money: Dollars | None = None
    chat_tokens: PositiveInt | None = None
    chat_money: Dollars | None = None
    tenant_tokens: PositiveInt | None = None
    tenant_money: Dollars | None = None

    @property
    def user(self) -> Limit:
        return _limit(self.user_tokens, self.user_money)

    @property
    def chat(self) -> Limit:
        return _limit(self.chat_tokens, self.chat_money)

    @property
    def tenant(self) -> Limit:
        return _limit(self.tenant_tokens, self.tenant_money)


@dataclass(frozen=True, slots=True)
class ChatRules:
    """What counts in one chat.

    `instructions` stand in for those of the settings unless they are None; `model` is empty for
    the one of the settings.
    """

    answers: Answers
    at_all: bool
    instructions: str | None
    model: str


class Rules(Table):
    """All of them. Without a file everybody is answered, in groups when the bot is mentioned."""

    admins: People = frozenset()
    people: PeopleTable = PeopleTable()
    chats: ChatsTable = ChatsTable()
    groups: GroupsTable = GroupsTable()
    chat: dict[Chat, ChatTable] = Field(default_factory=dict)
    rate: RateTable = RateTable()
    budget: BudgetTable = BudgetTable()
    commands: dict[str, Allowed] = Field(default_factory=dict)

    @property
    def models(self) -> frozenset[str]:
        """The models that chats name."""
        return frozenset(table.model for table in self.chat.values() if table.model)

    def of(self, chat: ChatId) -> ChatRules:
        own = self.chat.get(chat, ChatTable())
        return ChatRules(
            answers=own.answers or self.groups.answers,
            at_all=self.groups.at_all if own.at_all is None else own.at_all,
            instructions=own.instructions,
            model=own.model,
        )

    def may(self, user: OpenId, command: str) -> bool:
        """Whether a user may use a command; what is not named, everybody may."""
        return user in self.admins or self.commands.get(command) != "admins"


def _limit(tokens: int | None, money: float | None) -> Limit:
    return Limit(tokens, None if money is None else millionths(money))
