"""Rules that change while a worker runs."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from shared.errors import ConfigurationError
from shared.model.ids import ChatId
from tests.eventually import soon
from workers.policy.rules import Rules
from workers.policy.rules_file import RulesFile

if TYPE_CHECKING:
    from pathlib import Path

CHAT = ChatId("oc_1")
ALWAYS = '[groups]\nanswers = "always"\n'
WRONG = '[groups]\nanswers = "never"\n'
ELSEWHERE = '[chat.oc_1]\ninstructions_file = "prompt.md"\n'


async def written(path: Path, text: str) -> Path:
    """Write a file as an editor does, at once."""

    def write() -> None:
        beside = path.with_suffix(".new")
        beside.write_text(text)
        beside.replace(path)

    await asyncio.to_thread(write)
    return path


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    return await written(tmp_path / "rules.toml", ALWAYS)


@pytest.fixture
async def file(path: Path) -> RulesFile:
    return await RulesFile.opened(path)


async def test_change_counts_without_a_restart(file: RulesFile, path: Path) -> None:
    following = asyncio.create_task(file.run(every=0.02))

    await written(path, "")

    async def changed() -> bool:
        return file.current == Rules()

    await soon(changed)
    following.cancel()


async def test_wrong_rules_do_not_count_and_are_told_of_once(file: RulesFile, path: Path) -> None:
    before = file.current
    await written(path, WRONG)

    with capture_logs() as logs:
        await file.look()
        await file.look()

    assert file.current == before
    (told,) = logs
    assert told["event"] == "rules.refused"
    assert told["reason"].startswith("LARKSPUR_RULES: rules.toml: groups.answers: ")


async def test_file_that_is_gone_changes_nothing(file: RulesFile, path: Path) -> None:
    before = file.current
    await asyncio.to_thread(path.unlink)

    await file.look()

    assert file.current == before


async def test_same_fault_is_told_again_after_it_was_mended(file: RulesFile, path: Path) -> None:
    with capture_logs() as logs:
        for text in (WRONG, "", WRONG):
            await written(path, text)
            await file.look()

    assert [each["event"] for each in logs] == ["rules.refused", "rules.loaded", "rules.refused"]


async def test_comment_is_no_change(file: RulesFile, path: Path) -> None:
    await written(path, f"# nothing new\n{ALWAYS}")

    with capture_logs() as logs:
        await file.look()

    assert not logs


async def test_link_that_is_swapped_for_older_files_is_noticed(tmp_path: Path) -> None:
    def mount(version: str, text: str) -> None:
        (tmp_path / version).mkdir()
        (tmp_path / version / "rules.toml").write_text(text)
        os.utime(tmp_path / version / "rules.toml", (0, 0))
        (tmp_path / "next").symlink_to(version)
        (tmp_path / "next").replace(tmp_path / "mounted")

    await asyncio.to_thread(mount, "one", ALWAYS)
    file = await RulesFile.opened(tmp_path / "mounted" / "rules.toml")
    await asyncio.to_thread(mount, "two", "")

    await file.look()

    assert file.current == Rules()


async def test_instructions_in_a_file_of_their_own_are_followed(tmp_path: Path) -> None:
    prompt = await written(tmp_path / "prompt.md", "Be brief.")
    file = await RulesFile.opened(await written(tmp_path / "rules.toml", ELSEWHERE))
    before = file.current.of(CHAT).instructions
    await written(prompt, "Be wise.")

    await file.look()

    assert (before, file.current.of(CHAT).instructions) == ("Be brief.", "Be wise.")


async def test_wrong_rules_do_not_start(path: Path) -> None:
    await written(path, WRONG)

    with pytest.raises(ConfigurationError, match=r"LARKSPUR_RULES: rules\.toml: groups\.answers: "):
        await RulesFile.opened(path)


async def test_without_a_file_there_is_nothing_to_follow() -> None:
    file = await RulesFile.opened(None)

    await file.look()

    assert file.current == Rules()
