"""The official SDK's requests and responses, as descriptions of calls and of their answers.

Importing the SDK costs 170 MB (facts 5), so only who calls with its requests imports this.
"""

from __future__ import annotations

import io
import re
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from lark_oapi.core.json import JSON
from lark_oapi.core.model import BaseRequest, BaseResponse, RawResponse
from lark_oapi.core.utils import Files

from shared.feishu.call import Call, Upload

if TYPE_CHECKING:
    from shared.feishu.transport import Answer

_REQUEST: Final = re.compile(r"_request$")


def call_of(request: BaseRequest) -> Call:
    """Return the call that a request of the SDK describes."""
    form = _form(request.body)
    return Call(
        request.http_method.name,
        request.uri,
        ids={name: "" if value is None else str(value) for name, value in request.paths.items()},
        query=tuple(request.queries),
        body=None if form or request.body is None else JSON.marshal(request.body).encode(),
        form=form,
    )


def response_of(request: BaseRequest, answer: Answer) -> BaseResponse:
    """Return a successful answer as the response that the SDK itself would return."""
    kind = response_type(type(request))
    if not is_download(request):
        response = JSON.unmarshal(answer.content.decode(), kind)
    else:
        response = kind()
        response.code = 0
        response.file = io.BytesIO(answer.content)
        response.file_name = Files.parse_file_name(dict(answer.headers))
    response.raw = RawResponse()
    response.raw.status_code = answer.status
    response.raw.headers = dict(answer.headers)
    response.raw.content = answer.content
    return response


def is_download(request: BaseRequest) -> bool:
    """Whether what comes back is a file."""
    return "file" in response_type(type(request))._types  # noqa: SLF001 - the SDK says so nowhere else


def response_type(request: type[BaseRequest]) -> type[BaseResponse]:
    """Return the class that the SDK answers a class of requests with.

    It names both alike; a request of nobody's API is answered with the base of them all.
    """
    response: type[BaseResponse] = BaseResponse
    module = _REQUEST.sub("_response", request.__module__)
    name = f"{request.__name__.removesuffix('Request')}Response"
    if module != request.__module__:
        response = getattr(import_module(module), name)
    return response


def _form(body: Any) -> dict[str, str | Upload] | None:
    """What has a file in it is sent as a form, the way the SDK does."""
    fields = body if isinstance(body, dict) else getattr(body, "__dict__", {})
    if not any(isinstance(value, io.IOBase) for value in fields.values()):
        return None
    return {name: _field(name, value) for name, value in fields.items() if value is not None}


def _field(name: str, value: Any) -> str | Upload:
    if isinstance(value, io.IOBase):
        return Upload(Path(str(getattr(value, "name", name))).name, value.read())
    return str(value)
