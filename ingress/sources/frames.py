"""One WebSocket message of the long connection: a protobuf frame (pbbp2; facts 1.3).

The schema is declared here and compiled by protobuf's C parser when the module is imported.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import DecodeError

from shared.errors import MalformedEvent

CONTROL: Final = 0
DATA: Final = 1

_MESSAGES: Final = {
    "Header": ("required string key", "required string value"),
    "Frame": (
        "required uint64 SeqID",
        "required uint64 LogID",
        "required int32 service",
        "required int32 method",
        "repeated Header headers",
        "optional string payload_encoding",
        "optional string payload_type",
        "optional bytes payload",
        "optional string LogIDNew",
    ),
}


@dataclass(frozen=True, slots=True)
class Frame:
    """A decoded frame; `headers` are its key-value pairs, the last one of a key counting."""

    method: int
    service: int
    headers: dict[str, str]
    payload: bytes
    wire: Any
    """The message as it came: an ack echoes all of it."""

    @property
    def type(self) -> str:
        return self.headers.get("type", "")

    def answered(self, payload: bytes, *, milliseconds: int) -> bytes:
        """Return the ack: this frame with another payload and the time it took (facts 1.4)."""
        self.wire.payload = payload
        self.wire.headers.add(key="biz_rt", value=str(milliseconds))
        encoded: bytes = self.wire.SerializeToString()
        return encoded


def decode(message: bytes) -> Frame:
    """Read a frame.

    Raises:
        MalformedEvent: it is none; `reason` is `not_a_frame`.
    """
    wire = _Frame()
    try:
        wire.ParseFromString(message)
    except DecodeError as error:
        raise MalformedEvent("not_a_frame", str(error)) from error
    if not wire.IsInitialized():
        raise MalformedEvent("not_a_frame", "a required field is missing")
    headers = {header.key: header.value for header in wire.headers}
    if not all(isinstance(text, str) for header in headers.items() for text in header):
        raise MalformedEvent("not_a_frame", "a header is not UTF-8")  # it is left as bytes
    return Frame(wire.method, wire.service, headers, wire.payload, wire)


def ping(service: int) -> bytes:
    """Return the application's own ping, which the server answers with its config (facts 1.3)."""
    wire = _Frame(SeqID=0, LogID=0, service=service, method=CONTROL)
    wire.headers.add(key="type", value="ping")
    encoded: bytes = wire.SerializeToString()
    return encoded


def _schema() -> descriptor_pb2.FileDescriptorProto:
    file = descriptor_pb2.FileDescriptorProto(name="frame.proto", syntax="proto2")
    for name, fields in _MESSAGES.items():
        message = file.message_type.add(name=name)
        for number, field in enumerate(fields, 1):
            label, kind, called = field.split()
            declared = message.field.add(name=called, number=number)
            declared.label = getattr(declared, f"LABEL_{label.upper()}")
            if kind in _MESSAGES:
                declared.type, declared.type_name = declared.TYPE_MESSAGE, f".{kind}"
            else:
                declared.type = getattr(declared, f"TYPE_{kind.upper()}")
    return file


def _compiled() -> Any:
    pool = descriptor_pool.DescriptorPool()
    pool.Add(_schema())
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("Frame"))


_Frame: Final[Any] = _compiled()
