"""Servers of the Model Context Protocol, as programs that are really started."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from shared.errors import ConfigurationError, ModelUnavailable
from tests.integration.test_agent import ask

if TYPE_CHECKING:
    from pathlib import Path

    from tests.stage import Stage

pytest_plugins = ["tests.integration.reply_fixtures"]

SERVER = """
from mcp.server.mcpserver import MCPServer

server = MCPServer("shop")


@server.tool()
def price(product: str) -> str:
    return f"{product}: 3 yuan"


server.run()
"""


@pytest.fixture(autouse=True)
def nothing_blocks_the_loop() -> None:
    """The library looks for a server's program on the disk: once, when it is started."""


@pytest.fixture
def servers(tmp_path: Path) -> str:
    (tmp_path / "shop.py").write_text(SERVER)
    command = {"command": sys.executable, "args": [str(tmp_path / "shop.py")]}
    (tmp_path / "mcp.json").write_text(json.dumps({"mcpServers": {"shop": command}}))
    return str(tmp_path / "mcp.json")


async def test_servers_of_the_file_are_used(platform: Stage, servers: str) -> None:
    answer = await ask(
        platform.simulator_url,
        '#tool shop_price {"product": "tea"}',
        mcp=servers,
        tool_seconds="15",
    )

    assert answer.progress.text == "shop_price returned: tea: 3 yuan"


@pytest.mark.parametrize(
    "server", [{"command": "false"}, {"url": "http://127.0.0.1:9/mcp"}], ids=["program", "url"]
)
async def test_server_that_is_away_is_tried_again_with_every_answer(
    platform: Stage, tmp_path: Path, server: dict[str, str]
) -> None:
    (tmp_path / "mcp.json").write_text(json.dumps({"mcpServers": {"shop": server}}))

    with pytest.raises(ModelUnavailable, match="a server of tools"):
        await ask(platform.simulator_url, "hello", mcp=str(tmp_path / "mcp.json"))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{", "LARKSPUR_MODEL__MCP: .*mcp.json: "),
        ('{"mcpServers": {"shop": {}}}', "'shop' must have either `command` or `url`"),
        ('{"mcpServers": {"shop": {"command": "${NOWHERE_SET}"}}}', "NOWHERE_SET"),
        ('{"mcpServers": {"shop": {"command": "no-such"}}}', "shop: there is no program 'no-such'"),
    ],
)
async def test_file_that_is_no_good_is_named(tmp_path: Path, written: str, said: str) -> None:
    (tmp_path / "mcp.json").write_text(written)

    with pytest.raises(ConfigurationError, match=said):
        await ask("http://127.0.0.1:9", "hello", mcp=str(tmp_path / "mcp.json"))
