"""The sockets of the long connection: handshake, pings, acks."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import structlog
from aiohttp import WSMsgType, web

from simulator.faults.gateway_faults import HandshakeRefused, NoPong, OddConfig, PartialConfig
from simulator.gateway.connections import CLOSE_TIMEOUT, Connection, OutboxFullError
from simulator.gateway.discovery import SOCKET_PATH, TOO_MANY_CONNECTIONS, WRONG_SECRET
from simulator.gateway.frames import Frame, FrameError, Method, decode, encode

if TYPE_CHECKING:
    from simulator.gateway.client_config import ClientConfig
    from simulator.gateway.connections import Connections
    from simulator.gateway.long_connection import LongConnection
    from simulator.gateway.mischief import Mischief
    from simulator.gateway.tickets import Tickets
    from simulator.gateway.wiretap import Wiretap

AUTH_FAILED: Final = 514

log = structlog.get_logger()


class Sockets:
    """One coroutine reads each socket, one writes it; both end with the connection."""

    def __init__(
        self,
        connections: Connections,
        tickets: Tickets,
        route: LongConnection,
        config: ClientConfig,
        mischief: Mischief,
        wiretap: Wiretap,
    ) -> None:
        self._connections = connections
        self._tickets = tickets
        self._route = route
        self._config = config
        self._mischief = mischief
        self._wiretap = wiretap

    def routes(self) -> list[web.RouteDef]:
        return [web.get(SOCKET_PATH, self.connect)]

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection to its end."""
        fault = self._mischief.take_any(HandshakeRefused)
        if fault:
            return _refused(fault.msg, fault.autherr, fault.status)
        connection_id = self._tickets.redeem(request.query.get("ticket", ""))
        if connection_id is None:
            return _refused("auth failed: the ticket is used, expired or unknown", WRONG_SECRET)
        if self._connections.full:
            return _refused("exceed conn limit", TOO_MANY_CONNECTIONS)
        socket = web.WebSocketResponse(autoping=False, compress=False, timeout=CLOSE_TIMEOUT)
        connection = Connection(connection_id, socket, request.transport)
        # Counted before the handshake is written, or two could take the 50th place.
        self._connections.add(connection)
        try:
            await socket.prepare(request)
            await self._serve(connection, socket)
        finally:
            self._connections.remove(connection)
            self._route.connection_lost(connection.connection_id)
        return socket

    async def _serve(self, connection: Connection, socket: web.WebSocketResponse) -> None:
        log.info("connection.opened", connection=connection.connection_id)
        writing = asyncio.create_task(connection.write())
        try:
            async for message in socket:
                if connection.frozen:
                    continue
                if message.type is WSMsgType.BINARY:
                    self._receive(connection, message.data)
                elif message.type is WSMsgType.PING:
                    await self._answer_protocol_ping(socket, message.data)
        finally:
            writing.cancel()
            log.info(
                "connection.closed", connection=connection.connection_id, code=socket.close_code
            )

    def _receive(self, connection: Connection, received: bytes) -> None:
        try:
            frame = decode(received)
        except FrameError:
            log.warning("frame.malformed", connection=connection.connection_id, size=len(received))
            return
        if frame.method == Method.DATA:
            self._route.ack(frame)
        elif frame.headers.get("type") == "ping":
            self._answer_ping(connection, frame)

    async def _answer_protocol_ping(self, socket: web.WebSocketResponse, data: bytes) -> None:
        fault = self._mischief.take_any(NoPong)
        if not (fault and fault.protocol):
            await socket.pong(data)

    def _answer_ping(self, connection: Connection, ping: Frame) -> None:
        self._wiretap.control(connection.connection_id, "in", "ping")
        if self._mischief.take_any(NoPong):
            return
        try:
            connection.send(pong(self._told(), ping.service))
        except OutboxFullError:  # it writes pings and reads nothing
            connection.abort()
        else:
            self._wiretap.control(connection.connection_id, "out", "pong")

    def _told(self) -> bytes:
        """Return the config that goes out with a pong."""
        odd = self._mischief.take_any(OddConfig)
        if odd:
            return odd.config.encode()
        partial = self._mischief.take_any(PartialConfig)
        return self._config.payload(frozenset(partial.lacks.split("+")) if partial else frozenset())


def pong(config: bytes, service: int) -> bytes:
    """Return a pong that carries a client config; clients apply it at once (facts 1.3)."""
    headers = {"type": "pong"}
    return encode(Frame(service=service, method=Method.CONTROL, headers=headers, payload=config))


def _refused(msg: str, auth_code: int, status: int = AUTH_FAILED) -> web.Response:
    headers = {
        "Handshake-Status": str(status),
        "Handshake-Msg": msg,
        "Handshake-Autherrcode": str(auth_code),
    }
    return web.Response(status=400, headers=headers)
