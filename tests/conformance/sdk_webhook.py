"""The official webhook handler, unmodified, behind a small server, as a program.

    sdk_webhook.py ENCRYPT_KEY VERIFICATION_TOKEN TYPE...

Prints `listening URL`, then `answered STATUS PATH` for what is posted, and before that `handled
TYPE WHAT` for each event its handlers are given, WHAT being the base64 of the SDK's own view of
it as JSON. A card action is answered with a toast.
"""

from __future__ import annotations

import asyncio
import base64
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import lark_oapi as lark
from aiohttp import web
from lark_oapi.core.model import RawRequest
from lark_oapi.event.callback.model.p2_card_action_trigger import P2CardActionTriggerResponse

if TYPE_CHECKING:
    from collections.abc import Callable

CALLBACKS: dict[str, Callable[[], Any]] = {
    "card.action.trigger": lambda: P2CardActionTriggerResponse(
        {"toast": {"type": "info", "content": "pressed"}}
    ),
    "url.preview.get": lambda: None,
}


def heard(kind: str, event: Any) -> Any:
    seen = base64.b64encode((lark.JSON.marshal(event) or "").encode()).decode()
    say("handled", kind, seen)
    return CALLBACKS.get(kind, lambda: None)()


def handler(encrypt_key: str, token: str, kinds: list[str]) -> Any:
    builder = lark.EventDispatcherHandler.builder(encrypt_key, token)
    for kind in kinds:
        typed = getattr(builder, "register_p2_" + kind.replace(".", "_"), None)
        if typed:
            typed(partial(heard, kind))
        elif "." in kind:
            builder.register_p2_customized_event(kind, partial(heard, kind))
        else:
            builder.register_p1_customized_event(kind, partial(heard, kind))
    return builder.build()


async def serve(encrypt_key: str, token: str, *kinds: str) -> None:
    dispatcher = handler(encrypt_key, token, list(kinds))

    async def take(request: web.Request) -> web.Response:
        raw = RawRequest()
        raw.uri, raw.headers, raw.body = request.path, dict(request.headers), await request.read()
        answer = dispatcher.do(raw)
        say("answered", answer.status_code, request.path)
        headers = {name: value for name, value in answer.headers.items() if name != "Content-Type"}
        return web.Response(status=answer.status_code, body=answer.content, headers=headers)

    app = web.Application()
    app.add_routes([web.post("/hook", take)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    say("listening", f"http://127.0.0.1:{runner.addresses[0][1]}/hook")
    await asyncio.Event().wait()


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(serve(*sys.argv[1:]))
