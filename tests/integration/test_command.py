"""A program that answers: what it is told, what becomes of what it prints."""

from __future__ import annotations

import asyncio
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import uvloop

from shared.errors import ConfigurationError, LarkspurError, ModelRefused, ModelUnavailable
from shared.model.ids import ConversationId, MessageId
from shared.model.prompt import Picture, Prompt
from shared.settings import Command
from tests.integration.commanded import HELLO, ask, asked, shell
from workers.responders.command.program import connected
from workers.responders.exchange import read, session_of

if TYPE_CHECKING:
    from shared.model.progress import Progress

ROOT = Path(__file__).parents[2]


def test_what_is_printed_is_the_answer_and_grows(tmp_path: Path) -> None:
    script = "read question; echo $question; while [ ! -e ../go ]; do sleep 0.02; done; echo two"
    shown: list[str] = []

    async def conversed() -> str:
        def revise(progress: Progress) -> None:
            shown.append(progress.text)
            asyncio.get_running_loop().run_in_executor(None, (tmp_path / "go").touch)

        async with connected(shell(tmp_path, script)) as program:
            answer = await program.answer(replace(HELLO, prompt=Prompt("one\n")), revise)
        return answer.progress.text

    assert uvloop.run(conversed()) == "one\ntwo"
    assert shown == ["one", "one\ntwo"]


def test_exchange_is_kept_in_a_session_of_the_history(tmp_path: Path) -> None:
    settings = shell(tmp_path, "echo $LARKSPUR_SESSION")

    first, _ = ask(settings)
    second, _ = ask(settings, replace(HELLO, history=[first.exchange]))

    (exchange,) = read([first.exchange])
    assert [said.content for said in exchange.said] == ["hello?", first.progress.text]
    assert first.progress.text == second.progress.text == session_of([second.exchange])


def test_program_finds_ids_in_its_environment_and_no_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("FEISHU_APP_SECRET", "REDIS_URL", "OPENAI_API_KEY", "MINE"):
        monkeypatch.setenv(name, f"the {name}")

    answer, _ = ask(
        shell(tmp_path, "env", environment=("MINE", "NOT_SET")),
        replace(HELLO, instructions="Be\0 brief."),
    )

    found = dict(line.split("=", 1) for line in answer.progress.text.splitlines())
    assert found["MINE"] == "the MINE"
    assert found["LARKSPUR_CONVERSATION"] == found["LARKSPUR_CHAT"] == "oc_1"
    assert (found["LARKSPUR_USER"], found["LARKSPUR_INSTRUCTIONS"]) == ("ou_1", "Be brief.")
    assert not {"FEISHU_APP_SECRET", "REDIS_URL", "OPENAI_API_KEY"} & found.keys()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is no /proc")
def test_worker_of_an_ordinary_user_shows_no_secrets_in_proc() -> None:
    code = """if True:
        import ctypes, os, subprocess
        from workers.responders.command.secrecy import keep_secrets
        look = ["cat", f"/proc/{os.getpid()}/environ"]
        os.getuid() or os.setuid(65534)
        ctypes.CDLL(None).prctl(4, 1)
        print(subprocess.run(look, stdout=-3).returncode)
        keep_secrets()
        print(subprocess.run(look, stdout=-3, stderr=-3).returncode)
    """

    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True)

    assert told.stdout.split() == [b"0", b"1"]


def test_every_conversation_has_a_folder_that_only_its_owner_enters(tmp_path: Path) -> None:
    settings = shell(tmp_path, "pwd; ls; touch been")
    names = ("oc_1", "oc_2", "../../etc", "oc_1:omt_2", "OC_1", "..", "")

    told = [
        ask(settings, replace(HELLO, conversation=ConversationId(name)))[0].progress.text
        for name in names
    ]

    folders = [Path(text) for text in told]
    assert len({str(folder).lower() for folder in folders}) == len(names)
    assert {folder.parent for folder in folders} == {tmp_path}
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in folders} == {0o700}
    assert "been" in ask(settings)[0].progress.text


def test_pictures_are_files_that_the_prompt_names(tmp_path: Path) -> None:
    pictures = (Picture("image/png", b"one"), Picture("image/../x", b"two"))
    query = replace(HELLO, prompt=Prompt("look", pictures), question=MessageId("../om"))

    answer, _ = ask(shell(tmp_path, "cat > said; tail -n 2 said; echo; cat ./*om-*"), query)

    *names, content = answer.progress.text.splitlines()
    assert content == "onetwo"
    assert {Path(name).parent.parent for name in names} == {tmp_path}
    assert read([answer.exchange])[0].said[0].content == "look"


@pytest.mark.parametrize(
    ("script", "fault", "says"),
    [
        ("echo half; exit 3", ModelRefused, "ended with 3"),
        ("echo half; exit 75", ModelUnavailable, "again later"),
        ("true", ModelRefused, "returned nothing"),
        ("printf '\\n \\n'", ModelRefused, "returned nothing"),
        ("kill -9 $$", ModelUnavailable, "killed"),
        ("kill -SEGV $$", ModelRefused, "signal 11"),
        ("exec yes", ModelRefused, "printed too much"),
        ("exec cat /dev/zero", ModelRefused, "printed too much"),
        ("echo x; sleep 60", ModelRefused, "took too long"),
        ("exec >&- 2>&-; sleep 60", ModelRefused, "took too long"),
        ("for i in $(seq 40); do sleep 60 & done; wait", ModelRefused, "too many processes"),
    ],
)
def test_run_that_fails_is_sorted(
    tmp_path: Path, script: str, fault: type[LarkspurError], says: str
) -> None:
    settings = shell(tmp_path, script, seconds=1.0, bytes=1_000_000, processes=20)

    with pytest.raises(fault, match=says):
        ask(settings)


@pytest.mark.parametrize(
    ("script", "answer"),
    [
        (r"printf 'a\0b\033c\377d\r\n\303\244'", "abc�d\nä"),
        (r"printf '\303'; sleep 0.05; printf '\244\342'", "ä�"),
        ("head -c 900000 /dev/zero | tr '\\0' x", "x" * 900_000),
        ("echo said; echo secret >&2", "said"),
        ("exec 0<&-; echo unread", "unread"),
        ("(trap '' TERM; sleep 60 & wait) & echo left", "left"),
    ],
)
def test_run_that_behaves_oddly_is_an_answer(tmp_path: Path, script: str, answer: str) -> None:
    assert ask(shell(tmp_path, script))[0].progress.text == answer


def test_long_prompt_that_nobody_reads_blocks_nobody(tmp_path: Path) -> None:
    query = replace(HELLO, prompt=Prompt("x" * 3_000_000))

    assert ask(shell(tmp_path, "echo done"), query)[0].progress.text == "done"
    assert ask(shell(tmp_path, "wc -c"), query)[0].progress.text.strip() == "3000000"


def test_lines_that_come_fast_are_shown_ten_times_a_second(tmp_path: Path) -> None:
    _, shown = ask(shell(tmp_path, "for i in $(seq 50); do echo $i; sleep 0.01; done"))

    assert 1 <= len(shown) < 20


async def test_any_loop_will_do(tmp_path: Path) -> None:
    answer, _ = await asked(shell(tmp_path, "cat"))

    assert answer.progress.text == "hello?"


def test_instructions_too_long_for_a_program_are_refused(tmp_path: Path) -> None:
    query = replace(HELLO, instructions="x" * 5_000_000)

    with pytest.raises(ModelRefused, match="Argument list too long"):
        ask(shell(tmp_path, "cat"), query)


def test_program_that_is_gone_may_come_back(tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o700)
    settings = Command.model_validate({"run": str(program), "workspaces": tmp_path / "w"})

    async def conversed() -> None:
        async with connected(settings) as responder:
            await asyncio.to_thread(program.unlink)
            await responder.answer(HELLO, lambda _: None)

    with pytest.raises(ModelUnavailable, match="could not be started"):
        uvloop.run(conversed())


@pytest.mark.parametrize(
    ("wrong", "names"),
    [
        ({}, "LARKSPUR_COMMAND__RUN: is not set"),
        ({"run": "no-such-program -x"}, "LARKSPUR_COMMAND__RUN: there is no program"),
        ({"run": "cat", "workspaces": "/dev/null/x"}, "LARKSPUR_COMMAND__WORKSPACES"),
        ({"run": "cat", "workspaces": "/proc"}, "LARKSPUR_COMMAND__WORKSPACES"),
    ],
)
def test_wrong_settings_are_named_at_the_start(wrong: dict[str, str], names: str) -> None:
    with pytest.raises(ConfigurationError, match=names):
        ask(Command.model_validate(wrong))


def test_log_tells_numbers_and_no_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ask(shell(tmp_path, "echo said; echo secret >&2"))

    logged = capsys.readouterr().out
    assert "run.ended" in logged
    assert "complained=7" in logged
    assert not {"secret", "said", "hello?"} & {*logged.split()}
