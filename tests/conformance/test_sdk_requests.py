"""`feishu.call` takes any request of the official SDK, and returns what the SDK would."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cli.ports import free_port
from cli.valkey import Valkey
from shared.errors import FeishuRejected
from shared.feishu.transport import connected
from shared.model.ids import AppId
from shared.open_api import open_api
from shared.settings import Feishu as FeishuSettings
from shared.settings import Limits
from shared.store import connection as redis
from shared.store.keys import Keys
from tests.conformance.conftest import APP_SECRET
from tests.factories import PNG

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from tests.conformance.conftest import Simulator

    Call = Callable[[Any], Any]

APP_ID = "cli_00000000000000a7"
OPTIONS = ("--limits=off",)


@pytest.fixture(scope="module")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    server = Valkey(tmp_path_factory.mktemp("valkey"), port=free_port())
    server.start()
    yield server
    server.stop()


@pytest.fixture
def call(simulator: Simulator, valkey: Valkey) -> Call:
    """Return what calls by our client, on a loop of its own."""
    feishu = FeishuSettings(app_id=AppId(APP_ID), app_secret=APP_SECRET, domain=simulator.url)  # type: ignore[arg-type]

    async def called(request: Any) -> Any:
        async with (
            connected(simulator.url) as transport,
            redis.connected(valkey.url, timeout=5.0) as store,
        ):
            api = open_api(transport, store, Keys(feishu.app_id), feishu, Limits())
            return await api.call(request)

    return lambda request: asyncio.run(called(request))


def message_to_alice(im: Any) -> Any:
    body = (
        im.CreateMessageRequestBody.builder()
        .receive_id("alice@example.com")
        .msg_type("text")
        .content(json.dumps({"text": "hello"}))
        .build()
    )
    return im.CreateMessageRequest.builder().receive_id_type("email").request_body(body).build()


def test_response_is_the_one_that_the_sdk_gives(lark: ModuleType, client: Any, call: Call) -> None:
    sent = call(message_to_alice(lark.im.v1))
    request = lark.im.v1.GetMessageRequest.builder().message_id(sent.data.message_id).build()

    ours, theirs = call(request), client.im.v1.message.get(request)

    assert type(sent) is lark.im.v1.CreateMessageResponse
    assert type(ours) is type(theirs)
    assert (ours.success(), bool(ours.get_log_id())) == (True, True)
    assert lark.JSON.marshal(ours.data) == lark.JSON.marshal(theirs.data)


def test_file_goes_up_and_comes_down(lark: ModuleType, client: Any, call: Call) -> None:
    im = lark.im.v1
    body = im.CreateImageRequestBody.builder().image_type("message").image(io.BytesIO(PNG)).build()
    up = call(im.CreateImageRequest.builder().request_body(body).build())

    down = call(im.GetImageRequest.builder().image_key(up.data.image_key).build())

    assert down.file.read() == PNG


def test_refusal_is_raised(lark: ModuleType, call: Call) -> None:
    request = lark.im.v1.GetMessageRequest.builder().message_id("om_nobodys").build()

    with pytest.raises(FeishuRejected) as caught:
        call(request)

    assert (caught.value.code, bool(caught.value.log_id)) == (230001, True)


def test_request_of_no_known_api_is_answered_too(lark: ModuleType, call: Call) -> None:
    request = (
        lark.BaseRequest.builder()
        .http_method(lark.HttpMethod.GET)
        .uri("/open-apis/bot/v3/info")
        .token_types({lark.AccessTokenType.TENANT})
        .build()
    )

    response = call(request)

    assert json.loads(response.raw.content)["bot"]["app_name"] == "Larkspur"


def test_every_api_of_the_sdk_has_the_response_that_its_own_client_returns(
    lark: ModuleType,
) -> None:
    sdk = importlib.import_module("shared.feishu.sdk")
    checked = 0
    for request, response in annotated(Path(str(lark.__file__)).parent):
        assert sdk.response_type(request) is response, request
        checked += 1

    assert checked > 3000


def annotated(root: Path) -> Iterator[tuple[Any, Any]]:
    """Yield the request and the response of every method of the SDK's services."""
    for file in sorted(root.glob("api/*/*/resource/*.py")):
        if file.name == "__init__.py":
            continue
        name = ".".join(("lark_oapi", *file.relative_to(root).with_suffix("").parts))
        try:
            module = importlib.import_module(name)
        except ModuleNotFoundError:  # the SDK ships packages that lack a file of theirs
            continue
        for _, resource in inspect.getmembers(module, inspect.isclass):
            if resource.__module__ == name:
                for _, method in inspect.getmembers(resource, inspect.isfunction):
                    types = inspect.get_annotations(method)
                    if "request" in types:
                        yield types["request"], types["return"]
