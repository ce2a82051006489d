"""The pictures of an answer are shown in its card."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

from aiohttp import web

from shared.model.progress import Progress
from tests.factories import PNG
from tests.integration.web import serving

if TYPE_CHECKING:
    from tests.integration.replying import Scene

pytest_plugins = ["tests.integration.reply_fixtures"]


async def picture(request: web.Request) -> web.Response:
    if request.path.startswith("/page"):
        return web.Response(text="<html>no picture</html>", content_type="image/png")
    return web.Response(body=PNG, content_type="text/html")  # whatever it says that it is


async def shown(scene: Scene, document: str) -> str:
    async with aclosing(scene.reply()) as reply:
        await reply.open()
        await reply.finish(Progress(document))
    return str((await scene.answer())["text"])


async def test_picture_is_uploaded_once_and_shown(scene: Scene) -> None:
    async with serving(picture) as url:
        said = await shown(scene, f"![a]({url}/1.png) ![b]({url}/2.png)")

    assert said.startswith("![a](img_")
    keys = [part.partition(")")[0] for part in said.split("](")[1:]]
    assert len(keys) == 2
    assert url not in said


async def test_what_is_no_picture_remains_a_link(scene: Scene) -> None:
    async with serving(picture) as url:
        said = await shown(scene, f"![a]({url}/page.png)")

    assert said == f"[a]({url}/page.png)"


async def test_picture_in_code_is_not_fetched(scene: Scene) -> None:
    seen = []

    async def count(request: web.Request) -> web.Response:
        seen.append(request.path)
        return await picture(request)

    async with serving(count) as url:
        said = await shown(scene, f"`![a]({url}/1.png)`")

    assert (seen, said) == ([], f"`![a]({url}/1.png)`")


async def test_same_picture_is_uploaded_once_by_all(scene: Scene) -> None:
    async with serving(picture) as url:
        first = await scene.pictures.of(f"![a]({url}/1.png)")
        second = await scene.pictures.of(f"![b]({url}/2.png)")

    assert list(first.values()) == list(second.values())
