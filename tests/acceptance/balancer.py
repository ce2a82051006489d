"""What stands in front of replicas: each connection goes to the next of them that lives."""

from __future__ import annotations

import itertools
import socket
import socketserver
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def balanced(*replicas: str) -> Iterator[str]:
    """Forward to the places of these URLs until the end of the block; yield the URL in front."""
    places = [(urlsplit(url).hostname or "", urlsplit(url).port or 0) for url in replicas]
    turn = itertools.cycle(range(len(places)))

    class Forward(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            behind = _first_that_answers(places, next(turn))
            if behind is None:
                return
            with behind:
                answering = threading.Thread(target=_copy, args=(behind, self.request))
                answering.start()
                _copy(self.request, behind)
                answering.join()

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        request_queue_size = 100

    with Server(("127.0.0.1", 0), Forward) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}{urlsplit(replicas[0]).path}"
        server.shutdown()


def _first_that_answers(places: list[tuple[str, int]], first: int) -> socket.socket | None:
    for place in places[first:] + places[:first]:
        try:
            return socket.create_connection(place, timeout=5)
        except OSError:
            continue
    return None


def _copy(source: socket.socket, target: socket.socket) -> None:
    try:
        while some := source.recv(65536):
            target.sendall(some)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        source.close()
        target.close()
