"""One WebSocket message of the long connection: a protobuf frame (pbbp2; facts 1.3).

The schema is declared here and compiled by protobuf's C parser when the module is imported. Its
headers are declared as a map, which on the wire is what the platform's repeated (key, value) is,
and is read without an object for each of them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import DecodeError

from shared.errors import MalformedEvent

CONTROL: Final = 0
DATA: Final = 1

HEADERS: Final = 5
PAYLOAD: Final = 8

_FIELDS: Final = (
    "required uint64 SeqID",
    "required uint64 LogID",
    "required int32 service",
    "required int32 method",
    "repeated message headers",
    "optional string payload_encoding",
    "optional string payload_type",
    "optional bytes payload",
    "optional string LogIDNew",
)
_HEADER: Final = ("optional string key", "optional string value")


class Frame:
    """A decoded frame."""

    __slots__ = ("_headers", "_raw", "method", "payload")

    def __init__(self, raw: bytes, wire: Any) -> None:
        self._raw = raw
        self._headers = wire.headers
        self.method: int = wire.method
        self.payload: bytes = wire.payload

    @property
    def type(self) -> str:
        return self.header("type")

    def header(self, name: str) -> str:
        """Return a header, or nothing if it is missing or no text; of two the last one counts."""
        found = self._headers.get(name, "")
        return found if isinstance(found, str) else ""  # what is not UTF-8 is left as bytes

    def answered(self, payload: bytes, *, milliseconds: int) -> bytes:
        """Return the ack: this frame, byte for byte, but for its payload and the time it took.

        Facts 1.4. A later payload would overrule an earlier one; the old one is taken out all the
        same, as nobody wants it back.
        """
        raw = self._raw
        if self.payload:
            before, _, after = raw.rpartition(_field(PAYLOAD, self.payload))
            raw = before + after
        return raw + _answer(payload, milliseconds)


def decode(message: bytes) -> Frame:
    """Read a frame.

    Raises:
        MalformedEvent: it is none; `reason` is `not_a_frame`.
    """
    try:
        wire = _Frame.FromString(message)
    except DecodeError as error:
        raise MalformedEvent("not_a_frame", str(error)) from error
    if not wire.IsInitialized():
        raise MalformedEvent("not_a_frame", "a required field is missing")
    return Frame(message, wire)


def ping(service: int) -> bytes:
    """Return the application's own ping, which the server answers with its config (facts 1.3)."""
    wire = _Frame(SeqID=0, LogID=0, service=service, method=CONTROL, headers={"type": "ping"})
    encoded: bytes = wire.SerializeToString()
    return encoded


@lru_cache(maxsize=1024)  # most answers are the same word after a few milliseconds
def _answer(payload: bytes, milliseconds: int) -> bytes:
    took = _field(1, b"biz_rt") + _field(2, b"%d" % milliseconds)
    return _field(HEADERS, took) + _field(PAYLOAD, payload)


def _field(number: int, content: bytes) -> bytes:
    """Return a field of a length and that many bytes, as protobuf writes it."""
    length, varint = len(content), b""
    while length >= 0x80:  # noqa: PLR2004 - seven bits a byte
        varint += bytes((length & 0x7F | 0x80,))
        length >>= 7
    return bytes((number << 3 | 2,)) + varint + bytes((length,)) + content


def _compiled() -> Any:
    file = descriptor_pb2.FileDescriptorProto(name="frame.proto", syntax="proto2")
    frame = file.message_type.add(name="Frame")
    _declare(frame, _FIELDS)
    header = frame.nested_type.add(name="HeadersEntry")
    header.options.map_entry = True
    _declare(header, _HEADER)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("Frame"))


def _declare(message: descriptor_pb2.DescriptorProto, fields: tuple[str, ...]) -> None:
    for number, field in enumerate(fields, 1):
        label, kind, name = field.split()
        declared = message.field.add(name=name, number=number)
        declared.label = getattr(declared, f"LABEL_{label.upper()}")
        declared.type = getattr(declared, f"TYPE_{kind.upper()}")
        if kind == "message":
            declared.type_name = ".Frame.HeadersEntry"


_Frame: Final[Any] = _compiled()
