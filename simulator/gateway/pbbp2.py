"""The protobuf messages of the long connection, declared here and not generated.

Field numbers, types and labels are facts 1.3.
"""

from __future__ import annotations

from typing import Any, Final

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

PACKAGE: Final = "simulator.pbbp2"

_Field = descriptor_pb2.FieldDescriptorProto

HEADER_FIELDS: Final = (
    ("key", 1, _Field.TYPE_STRING, _Field.LABEL_REQUIRED),
    ("value", 2, _Field.TYPE_STRING, _Field.LABEL_REQUIRED),
)
FRAME_FIELDS: Final = (
    ("SeqID", 1, _Field.TYPE_UINT64, _Field.LABEL_REQUIRED),
    ("LogID", 2, _Field.TYPE_UINT64, _Field.LABEL_REQUIRED),
    ("service", 3, _Field.TYPE_INT32, _Field.LABEL_REQUIRED),
    ("method", 4, _Field.TYPE_INT32, _Field.LABEL_REQUIRED),
    ("headers", 5, _Field.TYPE_MESSAGE, _Field.LABEL_REPEATED),
    ("payload_encoding", 6, _Field.TYPE_STRING, _Field.LABEL_OPTIONAL),
    ("payload_type", 7, _Field.TYPE_STRING, _Field.LABEL_OPTIONAL),
    ("payload", 8, _Field.TYPE_BYTES, _Field.LABEL_OPTIONAL),
    ("LogIDNew", 9, _Field.TYPE_STRING, _Field.LABEL_OPTIONAL),
)


def _declare() -> descriptor_pb2.FileDescriptorProto:
    file = descriptor_pb2.FileDescriptorProto(
        name="simulator/pbbp2.proto", package=PACKAGE, syntax="proto2"
    )
    for name, fields in (("Header", HEADER_FIELDS), ("Frame", FRAME_FIELDS)):
        declared = file.message_type.add(name=name)
        for key, number, kind, label in fields:
            field = declared.field.add(name=key, number=number, type=kind, label=label)
            if kind == _Field.TYPE_MESSAGE:
                field.type_name = f".{PACKAGE}.Header"
    return file


def frame_class() -> Any:
    """Return the class of a `Frame` on the wire; generated, so without a static type."""
    pool = descriptor_pool.DescriptorPool()
    pool.Add(_declare())
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{PACKAGE}.Frame"))
