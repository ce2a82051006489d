from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

from shared.feishu import events
from shared.feishu.known_events import KNOWN_EVENTS, OF_THE_SDK, nearest
from simulator.events.catalogue import CATALOGUE
from workers.handlers.events.reading import CLASSES


def test_list_is_that_of_the_sdk() -> None:
    spec = find_spec("lark_oapi")  # read, not imported: that takes seconds
    assert spec is not None
    assert spec.origin is not None
    dispatcher = Path(spec.origin).parent / "event" / "dispatcher_handler.py"

    found = set(re.findall(r'"p2\.([^"{]+)"', dispatcher.read_text()))

    assert found == OF_THE_SDK


def test_whatever_has_a_name_here_is_known() -> None:
    named = {
        events.MESSAGE_RECEIVED,
        events.V1_MESSAGE_RECEIVED,
        events.MESSAGE_RECALLED,
        *events.CALLBACKS,
        *CLASSES,
        *CATALOGUE,
    }

    assert named <= KNOWN_EVENTS


def test_misspelt_name_is_near_to_the_right_one() -> None:
    assert nearest("contact.user.create_v3") == "contact.user.created_v3"
    assert nearest("approval_instanse") == "approval_instance"
