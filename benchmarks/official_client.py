"""The baseline: the official client with a handler that does nothing, run as a user would."""

from __future__ import annotations

import sys

import lark_oapi as lark

if __name__ == "__main__":
    app_id, app_secret, domain = sys.argv[1:]
    handler = lark.EventDispatcherHandler.builder("", "").build()
    lark.ws.Client(app_id, app_secret, event_handler=handler, domain=domain).start()
