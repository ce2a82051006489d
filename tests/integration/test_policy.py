"""Everything that may keep a message out, together, as a handler asks it."""

from __future__ import annotations

from asyncio import to_thread
from typing import TYPE_CHECKING, Any

import pytest
from prometheus_client import CollectorRegistry

from shared.feishu.messages import read_message
from shared.model.ids import ChatId, OpenId
from shared.model.usage import Usage
from shared.settings import WorkerSettings, read
from shared.store.usage import TENANT
from simulator.world.departments import make_departments
from simulator.world.people import make_user
from tests.factories import BOT, message, payload
from workers.policy.admission import Admitted, Refused
from workers.policy.policy import Policy

if TYPE_CHECKING:
    from pathlib import Path

    from shared.model.message import MessageReceived
    from shared.store.connection import Store
    from shared.store.keys import Keys
    from tests.integration.replying import Scene

pytest_plugins = ["tests.integration.reply_fixtures"]

ALICE, BOB = (OpenId(make_user(name).open_id) for name in ("alice", "bob"))
CHAT = ChatId("oc_chat")
ENGINEERING, PLATFORM = (each.open_department_id for each in make_departments())


def said(text: str = "hello", *, by: str = ALICE, **what: Any) -> MessageReceived:
    event = message(text, **what)
    event["event"]["sender"]["sender_id"]["open_id"] = by
    return read_message(payload(event))


class House:
    """A worker's policy, by the rules that a test writes."""

    def __init__(self, path: Path, scene: Scene, store: Store, keys: Keys) -> None:
        self._path = path
        self._scene = scene
        self._store = store
        self._keys = keys
        self.registry = CollectorRegistry()

    async def policy(self, rules: str) -> Policy:
        await to_thread(self._path.write_text, rules)
        settings = await to_thread(read, WorkerSettings)
        return await Policy.opened(
            settings, self._store, self._keys, self._scene.feishu, self.registry
        )

    def number(self, sample: str, **labels: str) -> float:
        return self.registry.get_sample_value(f"larkspur_{sample}", labels) or 0.0


@pytest.fixture
def house(
    scene: Scene, store: Store, keys: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> House:
    for name in ("FEISHU_APP_SECRET", "OPENAI_API_KEY"):
        monkeypatch.setenv(name, "secret")
    monkeypatch.setenv("FEISHU_APP_ID", keys.app_id)
    monkeypatch.setenv("LLM_MODEL", "gpt-4o")
    monkeypatch.setenv("LARKSPUR_RULES", str(tmp_path / "rules.toml"))
    return House(tmp_path / "rules.toml", scene, store, keys)


async def test_without_rules_everybody_is_answered(house: House) -> None:
    policy = await house.policy("")

    assert policy.wants(said(), OpenId(BOT))
    assert await policy.admit(said()) == Admitted()


async def test_stranger_alone_with_the_bot_is_told_once_in_their_language(house: House) -> None:
    policy = await house.policy('[people]\nallow = ["ou_somebody"]')

    told = [await policy.admit(said("你好")), await policy.admit(said("hello"))]

    assert told == [Refused("unlisted", told=True), Refused("unlisted")]
    assert house.number("refusals_total", reason="unlisted") == 2


async def test_stranger_in_a_group_is_told_nothing(house: House) -> None:
    policy = await house.policy('[people]\nallow = ["ou_somebody"]')

    assert await policy.admit(said(chat_type="group")) == Refused("unlisted")


async def test_turn_that_is_tried_again_says_the_same(house: House) -> None:
    policy = await house.policy('[people]\nallow = ["ou_somebody"]')
    first = said()

    assert await policy.admit(first) == await policy.admit(first) == Refused("unlisted", told=True)


async def test_department_decides(house: House) -> None:
    inside = await house.policy(f'[people]\ndepartments = ["{ENGINEERING}"]')
    house.registry = CollectorRegistry()
    outside = await house.policy(f'[people]\ndepartments = ["{PLATFORM}"]')

    assert await inside.admit(said()) == Admitted()
    assert isinstance(await outside.admit(said()), Refused)


async def test_user_who_writes_too_much_is_told_once_a_minute(house: House) -> None:
    policy = await house.policy("[rate]\nper_minute = 1")

    told = [await policy.admit(said()) for _ in range(3)]

    assert told == [Admitted(), Refused("rate", told=True), Refused("rate")]
    assert await policy.admit(said(by=BOB)) == Admitted()


async def test_question_that_is_asked_again_counts_and_its_retry_does_not(house: House) -> None:
    policy = await house.policy("[rate]\nper_minute = 2")
    first = said()

    assert [await policy.admit(first) for _ in range(3)] == [Admitted()] * 3
    assert await policy.admit(first, again="press-1") == Admitted()

    assert (await policy.admit(first, again="press-2")) == Refused("rate", told=True)


async def test_budget_that_an_answer_uses_up_holds_up_the_next_one_only(house: House) -> None:
    policy = await house.policy("[budget]\nuser_tokens = 100")
    question = said()
    assert await policy.admit(question) == Admitted()

    await policy.count(question.message_id, ALICE, CHAT, [Usage("gpt-4o", 100, 50)])

    assert await policy.admit(question) == Admitted()
    assert await policy.admit(said()) == Refused("user_budget", told=True)
    assert await policy.admit(said()) == Refused("user_budget")
    assert await policy.admit(said(by=BOB)) == Admitted()


async def test_admin_is_kept_out_by_nothing(house: House) -> None:
    policy = await house.policy(
        f'admins = ["{ALICE}"]\n[people]\nblock = ["{ALICE}"]\n'
        "[rate]\nper_minute = 1\n[budget]\ntenant_tokens = 1\n[commands]\nmodel = 'admins'"
    )
    await policy.count("turn", ALICE, CHAT, [Usage("gpt-4o", 100, 50)])

    assert [await policy.admit(said()) for _ in range(3)] == [Admitted()] * 3
    assert policy.is_admin(ALICE)
    assert policy.may(ALICE, "model")
    assert not policy.may(BOB, "model")


async def test_usage_is_priced_and_counted_once(house: House) -> None:
    policy = await house.policy("")
    took = [Usage("gpt-4o", 1000, 500), Usage("who-knows", 10, 0)]

    priced = [await policy.count("turn", ALICE, CHAT, took) for _ in range(2)]

    assert [usage.price for usage in priced[1]] == [7500, 0]
    (used,) = await policy.accounts.today([TENANT])
    assert (used.tokens, used.price) == (1510, 7500)
    assert house.number("model_tokens_total", model="gpt-4o", way="read") == 1000
    assert house.number("model_dollars_total", model="gpt-4o") == 0.0075
    assert house.number("model_tokens_total", model="other", way="read") == 10


async def test_who_is_kept_out_by_name_ends_no_turn(house: House) -> None:
    policy = await house.policy(f'[people]\nblock = ["{ALICE}"]')

    assert not policy.heeds(said(), OpenId(BOT))
    assert policy.heeds(said(by=BOB), OpenId(BOT))


async def test_chat_has_instructions_and_a_model_of_its_own(house: House) -> None:
    policy = await house.policy('[chat.oc_chat]\ninstructions = "Be wise."\nmodel = "gpt-5"')

    assert (policy.of(CHAT).instructions, policy.of(CHAT).model) == ("Be wise.", "gpt-5")
    assert (policy.of(ChatId("oc_other")).instructions, policy.of(CHAT).answers) == (
        None,
        "mentioned",
    )
