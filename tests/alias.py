"""A place that leads to a Redis, and to another one when it fails over: a DNS name, or a proxy."""

from __future__ import annotations

import select
import socket
import threading
from contextlib import contextmanager
from socketserver import BaseRequestHandler, ThreadingTCPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Alias(ThreadingTCPServer):
    """New connections lead to the port `leads_to`; those that stand stay where they are."""

    daemon_threads = True

    def __init__(self, leads_to: int) -> None:
        self.leads_to = leads_to
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.server_address[1]}/0"


class _Handler(BaseRequestHandler):
    server: Alias

    def handle(self) -> None:
        with socket.create_connection(("127.0.0.1", self.server.leads_to)) as far:
            other = {self.request: far, far: self.request}
            while True:
                for side in select.select([*other], [], [])[0]:
                    if not (heard := side.recv(65536)):
                        return
                    other[side].sendall(heard)


@contextmanager
def leading_to(port: int) -> Iterator[Alias]:
    with Alias(port) as alias:
        threading.Thread(target=alias.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield alias
        finally:
            alias.shutdown()
