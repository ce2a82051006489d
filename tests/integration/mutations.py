"""What a fuzzer does to frames: to their bytes, and to the WebSocket around them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.integration.rawsocket import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, ws

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

_WORDS: Final = (
    *(b"sum", b"seq", b"type", b"pong", b"ping", b"card", b"event", b"message_id", b"trace_id"),
    *(b"0", b"1", b"-1", b"2", b"1024", b"99999999999", b"1e999", b"NaN", b"null", b"true"),
    *(b"{", b"}", b"[", b"]" * 9, b"[" * 2_000, b'"', b"\\", b"\\ud83d", b"\\u0000", b",", b":"),
    *(b"\x00", b"\x7f", b"\x80", b"\xff", b"\xff" * 10, b"\xc0\x80", b"\xed\xa0\x80", b"\n"),
    *(b"PingInterval", b"event_id", b"schema", b"header", b"uuid", b"chat_id", b"encrypt"),
)

_LENGTHS: Final = (0, 5, 2**16, 2**20, 2**26, 2**26 + 1, 2**31, 2**63 - 1, 2**64 - 1)


class Mutations:
    """The same seed and corpus make the same mutations."""

    def __init__(self, random: Random, corpus: Sequence[bytes]) -> None:
        self._random = random
        self._corpus = corpus

    def message(self) -> bytes:
        """Return a frame of the corpus, damaged in up to eight places, or in none."""
        data = bytearray(self._random.choice(self._corpus))
        damages: list[Callable[[bytearray], None]] = [
            *(self._flip, self._flip, self._replace, self._delete, self._insert),
            *(self._repeat, self._cut, self._splice, self._move, self._recount, self._recount),
        ]
        for _ in range(self._random.choice((0, 1, 1, 1, 2, 3, 5, 8))):
            if data:
                self._random.choice(damages)(data)
        return bytes(data)

    def stream(self) -> bytes:
        """Return bytes that a WebSocket server should not send, or may, but hardly does."""
        tricks: list[Callable[[], bytes]] = [
            *(self._in_parts, self._in_parts, self._another_opcode, self._reserved_bits),
            *(self._wrong_length, self._control, self._goodbye, self._damaged, self._noise),
        ]
        return b"".join(self._random.choice(tricks)() for _ in range(self._random.randint(1, 3)))

    def _at(self, data: bytearray) -> int:
        return self._random.randrange(len(data)) if data else 0

    def _span(self, data: bytearray) -> slice:
        start = self._at(data)
        return slice(start, start + self._random.choice((1, 2, 4, 8, 64, 512)))

    def _flip(self, data: bytearray) -> None:
        data[self._at(data)] ^= 1 << self._random.randrange(8)

    def _replace(self, data: bytearray) -> None:
        data[self._at(data)] = self._random.choice((0, 1, 0x7F, 0x80, 0xFF, 0x22, 0x5C))

    def _delete(self, data: bytearray) -> None:
        del data[self._span(data)]

    def _insert(self, data: bytearray) -> None:
        at = self._at(data)
        data[at:at] = self._random.choice(_WORDS)

    def _repeat(self, data: bytearray) -> None:
        span = self._span(data)
        data[span.start : span.start] = data[span]

    def _cut(self, data: bytearray) -> None:
        del data[self._at(data) :]

    def _splice(self, data: bytearray) -> None:
        other = self._random.choice(self._corpus)
        data[self._at(data) :] = other[self._random.randrange(len(other)) :]

    def _move(self, data: bytearray) -> None:
        span = self._span(data)
        moved = data[span]
        del data[span]
        at = self._at(data)
        data[at:at] = moved

    def _recount(self, data: bytearray) -> None:
        """Have a part of an event say that it is another part, or of another number of parts."""
        for header in (b"sum\x12\x01", b"seq\x12\x01"):
            at = data.find(header)
            if at >= 0 and self._random.random() < 0.7:
                data[at + len(header) : at + len(header) + 1] = bytes(
                    (self._random.choice(b"0123456789"),)
                )

    def _in_parts(self) -> bytes:
        """One message in several frames, control frames in between, the last one at times lost."""
        left, first, out = self.message(), True, b""
        while left and self._random.random() < 0.8:
            size = self._random.randint(0, len(left))
            out += ws(left[:size], BINARY if first else CONTINUATION, fin=False)
            left, first = left[size:], False
            if self._random.random() < 0.3:
                out += ws(b"between", self._random.choice((PING, PONG)))
        if self._random.random() < 0.8:
            out += ws(left, BINARY if first else CONTINUATION)
        return out

    def _another_opcode(self) -> bytes:
        opcode = self._random.choice((CONTINUATION, TEXT, *range(16)))
        return ws(self.message()[:125], opcode, fin=self._random.random() < 0.7)

    def _reserved_bits(self) -> bytes:
        return ws(self.message(), more=self._random.choice((0x10, 0x20, 0x40, 0x70)))

    def _wrong_length(self) -> bytes:
        length = self._random.choice(_LENGTHS)
        form = self._random.choice((126, 127))
        size = 2 if form == 126 else 8
        head = bytes((0x82, form | self._random.choice((0, 0, 0, 0x80))))
        return head + length.to_bytes(8)[-size:] + self.message()

    def _control(self) -> bytes:
        payload = self._random.randbytes(self._random.choice((0, 1, 125, 126, 400)))
        return ws(payload, self._random.choice((PING, PONG)), fin=self._random.random() < 0.8)

    def _goodbye(self) -> bytes:
        code = self._random.choice((0, 999, 1000, 1001, 1005, 1006, 1015, 2999, 3000, 65535))
        reason = self._random.choice((b"", b"bye", b"\xff\xfe", b"x" * 123, b"\xed\xa0\x80"))
        return ws((code.to_bytes(2) + reason)[: self._random.choice((0, 1, 2, 125))], CLOSE)

    def _damaged(self) -> bytes:
        data = bytearray(ws(self.message()) + ws(self.message()))
        for _ in range(self._random.randint(1, 4)):
            data[self._random.randrange(min(16, len(data)))] = self._random.randrange(256)
        return bytes(data)

    def _noise(self) -> bytes:
        return self._random.randbytes(self._random.choice((1, 2, 14, 200, 5_000)))
