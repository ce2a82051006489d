"""An agent and its tools, before a model on a real socket."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from shared.errors import ConfigurationError, ModelRefused, ModelUnavailable
from shared.model.ids import MessageId, OpenId
from shared.model.prompt import Picture, Prompt
from shared.settings import Model as Settings
from tests.integration import a_teams_tools
from tests.integration.modelled import answering
from tests.unit.test_sse import chunk, event, finish
from workers.responders.agent import responder as agent
from workers.responders.exchange import read
from workers.responders.responder import Answer, Pause, Query

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from shared.errors import LarkspurError
    from shared.model.progress import Progress
    from tests.stage import Stage

pytest_plugins = ["tests.integration.reply_fixtures"]

TOOLS = "tests.integration.a_teams_tools"


@asynccontextmanager
async def opened(url: str, **more: str) -> AsyncIterator[agent.AgentResponder]:
    settings = await asyncio.to_thread(
        Settings.model_validate,
        {
            "OPENAI_API_KEY": "a-key",
            "OPENAI_BASE_URL": f"{url}/v1",
            "LLM_MODEL": "m",
            "RESPONDER": "agent",
            "tools": TOOLS,
            "tool_seconds": "0.3",
            **more,
        },
    )
    async with agent.connected(settings) as responder:
        yield responder


async def ask(url: str, query: Query | str, **more: str) -> Answer | Pause:
    if isinstance(query, str):
        query = Query(Prompt(query), question=MessageId("om_1"), user=OpenId("ou_alice"))
    async with opened(url, **more) as responder:
        return await responder.answer(query, lambda _: None)


async def test_answer_grows_and_what_was_said_is_kept(platform: Stage) -> None:
    shown: list[Progress] = []

    async with opened(platform.simulator_url) as responder:
        answer = await responder.answer(Query(Prompt("hello\n#pace 0 50")), shown.append)

    assert isinstance(answer, Answer)
    assert answer.progress.text == "You said: hello"
    assert [each.text for each in shown] == sorted((each.text for each in shown), key=len)
    (exchange,) = read([answer.exchange])
    assert [said.content for said in exchange.said] == ["hello\n#pace 0 50", "You said: hello"]
    (usage,) = answer.usage
    assert usage.model == "m"
    assert usage.tokens > 0


async def test_model_is_shown_the_past_and_pictures_but_not_twice(platform: Stage) -> None:
    png = Picture("image/png", b"\x89PNG\r\n\x1a\n" + b"\0" * 100)

    async with opened(platform.simulator_url) as responder:
        first = await responder.answer(Query(Prompt("see", (png,))), lambda _: None)
        assert isinstance(first, Answer)
        second = await responder.answer(Query(Prompt("and?"), [first.exchange]), lambda _: None)

    assert "[image:" in first.progress.text
    assert second.progress.text == "You said: and? (message 2 of this conversation)"
    assert b"PNG" not in first.exchange
    assert len(first.exchange) < 2000


async def test_tools_are_used_and_shown(platform: Stage) -> None:
    answer = await ask(platform.simulator_url, '#tool stock {"product": "tea"}\n#tool who {}')

    assert answer.progress.text == "stock returned: 7 tea\nwho returned: ou_alice"
    assert answer.progress.steps == ('stock {"product":"tea"} ✓', "who ✓")


@pytest.mark.parametrize(
    ("tool", "told"),
    [
        ("broken", "the tool failed: LookupError"),
        ("slow", "no result within 0 s"),
        ("stuck", "no result within 0 s"),
        ("huge", "[cut]"),
    ],
)
async def test_tool_that_misbehaves_fails_no_turn(platform: Stage, tool: str, told: str) -> None:
    answer = await ask(platform.simulator_url, f"#tool {tool} {{}}")

    assert told in answer.progress.text
    assert "secret" not in answer.progress.text
    assert len(answer.progress.text) < 100_000
    (step,) = answer.progress.steps
    assert step == (f"{tool} ✓" if tool == "huge" else f"{tool} ✗")


async def test_tool_that_is_never_content_is_given_up(platform: Stage) -> None:
    with pytest.raises((ModelUnavailable, ModelRefused)):
        await ask(platform.simulator_url, "\n".join(["#tool picky {}"] * 2), requests="1")


@pytest.mark.parametrize(("allowed", "said"), [(True, "order 5 is gone"), (False, "not allow")])
async def test_dangerous_tool_waits_for_leave_in_any_process(
    platform: Stage, *, allowed: bool, said: str
) -> None:
    a_teams_tools.LEFT.clear()

    paused = await ask(platform.simulator_url, '#tool stock {"product": "tea"}\n' + DELETE)
    assert isinstance(paused, Pause)
    (asked,) = paused.asks
    resumed = Query(
        Prompt("not used"),
        question=MessageId("om_1"),
        kept=paused.kept,
        decisions={asked.id: allowed},
    )
    answer = await ask(platform.simulator_url, resumed)

    assert (asked.tool, asked.arguments) == ("delete_order", '{"number":"5"}')
    assert isinstance(answer, Answer)
    assert said in answer.progress.text
    assert (["5"] if allowed else []) == a_teams_tools.LEFT
    assert answer.progress.steps[0] == 'stock {"product":"tea"} ✓'
    (exchange,) = read([answer.exchange])
    assert exchange.said[0].content.startswith("#tool stock")


DELETE = '#tool delete_order {"number": "5"}'


async def test_tools_that_settings_name_ask_first(platform: Stage) -> None:
    paused = await ask(platform.simulator_url, '#tool stock {"product": "tea"}', ask_first="st*")

    assert isinstance(paused, Pause)
    assert [each.tool for each in paused.asks] == ["stock"]


class Provider:
    """Answers each model by a status; what it was asked for is kept."""

    def __init__(self, **statuses: int) -> None:
        self.statuses = statuses
        self.asked: list[str] = []

    async def complete(self, request: web.Request) -> web.StreamResponse:
        model = (await request.json())["model"]
        self.asked.append(model)
        status = self.statuses.get(model, 200)
        if status != 200:
            headers = {"Retry-After": "60"} if status == 429 else {}
            return web.json_response(
                {"error": {"message": "a secret"}}, status=status, headers=headers
            )
        return web.Response(
            body=b"".join([event(chunk("Hello")), event(finish()), b"data: [DONE]\n\n"]),
            headers={"Content-Type": "text/event-stream"},
        )


async def test_model_that_fails_is_stood_in_for_and_left_in_peace() -> None:
    provider = Provider(m=429, n=500)

    async with (
        answering(provider.complete) as url,
        opened(url.removesuffix("/v1"), LLM_FALLBACKS="n,o") as responder,
    ):
        first = await responder.answer(Query(Prompt("hello")), lambda _: None)
        await responder.answer(Query(Prompt("hello")), lambda _: None)

    assert first.progress.text == "Hello"
    assert first.progress.footer.startswith("o · ")
    assert provider.asked == ["m", "n", "o", "n", "o"]


@pytest.mark.parametrize(
    ("statuses", "fault", "wait"),
    [
        ({"m": 429, "n": 503}, ModelUnavailable, 60.0),
        ({"m": 500, "n": 500}, ModelUnavailable, None),
        ({"m": 400, "n": 401}, ModelRefused, None),
    ],
)
async def test_no_model_left_is_sorted_by_whether_waiting_helps(
    statuses: dict[str, int], fault: type[LarkspurError], wait: float | None
) -> None:
    async with answering(Provider(**statuses).complete) as url:
        with pytest.raises(fault) as raised:
            await ask(url.removesuffix("/v1"), "hello", LLM_FALLBACKS="n")

    assert "secret" not in str(raised.value)
    assert getattr(raised.value, "retry_after", None) == wait


async def test_model_may_be_chosen() -> None:
    provider = Provider()

    async with answering(provider.complete) as url:
        for chosen in ("n", "", "unknown"):
            await ask(url.removesuffix("/v1"), Query(Prompt("hello"), model=chosen), choices="n")

    assert provider.asked == ["n", "m", "m"]


async def test_other_providers_are_known_by_name(
    platform: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "a-key")
    monkeypatch.setenv("ANTHROPIC_BASE_URL", platform.simulator_url)

    answer = await ask(
        platform.simulator_url,
        '#think hm\n#tool stock {"product": "tea"}',
        LLM_MODEL="anthropic:claude-haiku-5-5",
    )

    assert answer.progress.text == "stock returned: 7 tea"
    assert answer.progress.thoughts == "hm"
    assert answer.usage[0].price > 0


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"LLM_MODEL": "deepseek:deepseek-chat"}, "LLM_MODEL: deepseek:deepseek-chat: .*API_KEY"),
        ({"LLM_FALLBACKS": "google:gemini-2.5-pro"}, "LLM_FALLBACKS: google:.*install"),
        ({"tools": "tests.nowhere"}, "LARKSPUR_MODEL__TOOLS: tests.nowhere: ModuleNotFoundError"),
        ({"tools": "tests.factories"}, "LARKSPUR_MODEL__TOOLS: tests.factories: declares no tool"),
    ],
)
async def test_setting_that_is_no_good_is_named(
    settings: dict[str, Any], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DEEPSEEK_API_KEY", raising=False)

    with pytest.raises(ConfigurationError, match=said):
        await ask("http://127.0.0.1:9", "hello", **settings)
