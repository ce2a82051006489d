"""A baseline: the official client with a handler that does nothing, run as a user would."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import lark_oapi as lark

if TYPE_CHECKING:
    from collections.abc import Callable

    from lark_oapi.api.im.v1 import P2ImMessageReceiveV1


def receive(event: P2ImMessageReceiveV1) -> None:
    """Forget the message: what is left is the client's own cost, and nothing is stored."""


def run(receive: Callable[[P2ImMessageReceiveV1], None]) -> None:
    """Hand every message to `receive`, for ever."""
    handler = (
        lark.EventDispatcherHandler.builder("", "")
        .register_p2_im_message_receive_v1(receive)
        .build()
    )
    lark.ws.Client(
        os.environ["FEISHU_APP_ID"],
        os.environ["FEISHU_APP_SECRET"],
        event_handler=handler,
        domain=os.environ["FEISHU_DOMAIN"],
    ).start()


if __name__ == "__main__":
    run(receive)
