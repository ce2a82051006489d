"""Claude Code itself, run by our responder, its model the simulator."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest
import uvloop

from cli.ports import free_port
from shared.errors import ModelUnavailable
from shared.model.ids import ConversationId
from shared.model.prompt import Prompt
from shared.settings import Command
from tests.documented import ROOT, follow
from tests.eventually import PATIENCE, soon
from workers.responders.command.program import connected
from workers.responders.exchange import session_of
from workers.responders.responder import Query

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shared.model.progress import Progress
    from tests.conformance.conftest import Simulator
    from workers.responders.responder import Answer

PACKAGE = Path(__file__).with_name("claude_code")
INSTALL = ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
PLACE = ("node", "node_modules/@anthropic-ai/claude-code/install.cjs")  # its one script, by name
QUIET = {
    "ANTHROPIC_API_KEY": "any",
    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
    "CLAUDE_CODE_MAX_RETRIES": "0",
    "DISABLE_AUTOUPDATER": "1",
}
HELLO = Query(Prompt("hello"), conversation=ConversationId("oc_1"))


def unavailable(why: str) -> NoReturn:
    """Skip here; where the tests are a gate a missing Claude Code is a failure."""
    if os.environ.get("CI"):
        pytest.fail(why)
    pytest.skip(why)


@pytest.fixture(scope="module")
def claude(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The program, installed for these tests: 240 MB, which are not kept."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        unavailable("Node.js and npm are not installed")
    folder = tmp_path_factory.mktemp("claude") / "code"
    shutil.copytree(PACKAGE, folder, ignore=shutil.ignore_patterns("node_modules"))
    for command in (INSTALL, PLACE):
        ran = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
        if ran.returncode != 0:
            unavailable(f"npm could not install Claude Code: {ran.stderr[-500:]}")
    yield str(folder / "node_modules/.bin/claude")
    shutil.rmtree(folder)


@pytest.fixture
def settings(
    claude: str, simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Command:
    quiet = {**QUIET, "ANTHROPIC_BASE_URL": simulator.url}
    for name, value in {**quiet, "HOME": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    return Command.model_validate(
        {
            "run": f"{claude} --allowedTools Bash",
            "format": "claude",
            "workspaces": tmp_path / "workspaces",
            "environment": ",".join(quiet),
        }
    )


def ask(settings: Command, query: Query) -> tuple[Answer, list[Progress]]:
    shown: list[Progress] = []

    async def asked() -> Answer:
        async with connected(settings) as program:
            return await program.answer(query, shown.append)

    return uvloop.run(asked()), shown


def test_answer_streams_and_the_next_turn_resumes_the_session(settings: Command) -> None:
    words = "#pace 0 100\n" + "hello " * 40
    first, shown = ask(settings, replace(HELLO, prompt=Prompt(words), instructions="Be brief."))
    second, _ = ask(settings, replace(HELLO, prompt=Prompt("again"), history=[first.exchange]))

    assert first.progress.text.startswith("You said: hello hello")
    assert len({progress.text for progress in shown}) > 2
    assert second.progress.text == "You said: again (message 2 of this conversation)"
    assert session_of([first.exchange]) == session_of([second.exchange]) != ""
    (usage,) = second.usage
    assert (usage.model[:7], usage.wrote) == ("claude-", 8)
    assert usage.read > 0
    assert usage.price > 0


def test_tool_is_a_step_and_thoughts_are_thoughts(settings: Command) -> None:
    words = 'go\n#think let me see\n#tool Bash {"command": "echo hi; pwd"}'

    answer, _ = ask(settings, replace(HELLO, prompt=Prompt(words)))

    assert answer.progress.steps == ("Bash: echo hi; pwd",)
    assert answer.progress.thoughts == "let me see"
    assert answer.progress.text.startswith("Bash returned: hi\n/")


def test_session_that_is_gone_is_begun_anew_with_the_past_in_words(
    settings: Command, tmp_path: Path
) -> None:
    first, _ = ask(settings, replace(HELLO, prompt=Prompt("my name is Ada")))
    shutil.rmtree(tmp_path / ".claude")

    second, _ = ask(settings, replace(HELLO, history=[first.exchange]))

    assert "User: my name is Ada" in second.progress.text
    assert second.progress.text.endswith("Now: hello")
    assert session_of([second.exchange]) not in ("", session_of([first.exchange]))


@pytest.mark.parametrize(("status", "says"), [(529, "HTTP 529"), (429, "HTTP 429")])
def test_busy_model_is_a_passing_fault(
    settings: Command, simulator: Simulator, status: int, says: str
) -> None:
    simulator.post("/_sim/faults", {"kind": "model_error", "status": status, "count": 1})

    with pytest.raises(ModelUnavailable, match=says):
        ask(settings, HELLO)


def test_cancelled_turn_ends_the_shells_of_its_tools_too(settings: Command, tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    words = f'#tool Bash {{"command": "echo $$ > {pid}; sleep 60"}}'

    async def cancelled() -> None:
        async with connected(settings) as program:
            query = replace(HELLO, prompt=Prompt(words))
            turn = asyncio.create_task(program.answer(query, lambda _: None))
            await soon(lambda: asyncio.to_thread(lambda: pid.exists() and pid.read_text()))
            turn.cancel()
            with pytest.raises(asyncio.CancelledError):
                await turn

    uvloop.run(cancelled())

    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)


def test_example_does_what_its_page_says(claude: str, tmp_path: Path) -> None:
    port = str(free_port())
    follow(
        ROOT / "examples" / "claude_code" / "README.md",
        tmp_path,
        LARKSPUR_UP__SIMULATOR_PORT=port,
        ANTHROPIC_BASE_URL=f"http://127.0.0.1:{port}",
        HOME=str(tmp_path),
        PATH=f"{Path(claude).parent}:{os.environ['PATH']}",
    )
