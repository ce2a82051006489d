from __future__ import annotations

from typing import Any

import pytest

from tests.events import ACTION, ALICE, DEPARTMENT, TENANT, USER, read, v1, v2
from workers.handlers import events
from workers.handlers.events.event import seconds_of
from workers.handlers.events.reading import CLASSES


def test_user_is_read_by_attribute() -> None:
    event = read(v2("contact.user.created_v3", {"object": USER}))

    assert isinstance(event, events.UserCreated)
    assert (event.user.open_id, event.user.name) == ("ou_alice", "Alice")
    assert event.user.status is not None
    assert event.user.status.is_frozen is False


def test_envelope_is_told_in_one_way_of_both_generations() -> None:
    newer = read(v2("contact.user.created_v3", {}, event_id="e1"))
    older = read(v1("approval_instance", {}))

    assert (newer.event_id, newer.event_type) == ("e1", "contact.user.created_v3")
    assert (newer.tenant_key, older.tenant_key) == (TENANT, TENANT)
    assert (newer.create_time, older.create_time) == (1774004597.52, 1502199207.7171419)
    assert newer.raw["header"]["event_id"] == "e1"


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("1603977298000000", 1603977298.0),
        ("1608725989000", 1608725989.0),
        (1669364458, 1669364458.0),
        ("170134xxxxx18480", None),
        (None, None),
        ("nan", None),
        ([], None),
    ],
)
def test_time_is_in_seconds_whatever_it_was_in(said: object, seconds: float | None) -> None:
    assert seconds_of(said) == seconds


def test_what_was_changed_is_told_beside_what_it_is_now() -> None:
    old = {"job_title": "Engineer"}

    event = read(v2("contact.user.updated_v3", {"object": USER, "old_object": old}))

    assert isinstance(event, events.UserUpdated)
    assert (event.user.name, event.before.job_title) == ("Alice", "Engineer")


@pytest.mark.parametrize("what", ["created", "updated", "deleted"])
def test_department_is_read_by_attribute(what: str) -> None:
    event: Any = read(v2(f"contact.department.{what}_v3", {"object": DEPARTMENT}))

    assert (event.department.name, event.department.open_department_id) == ("Research", "od-1")
    assert event.department.leaders[0].leaderID == "ou_alice"


@pytest.mark.parametrize(
    "raw",
    [
        v1("approval_instance", {"instance_code": "A-1", "status": "APPROVED", "uuid": "x"}),
        v2("approval.instance.status_changed_v4", {"instance_code": "A-1", "status": "APPROVED"}),
        v2(
            "approval.instance.remedy_group_update_v4",
            {"object": {"type": "remedy_v2", "instance_code": "A-1", "status": "APPROVED"}},
        ),
        v2(
            "approval.instance.trip_group_update_v4",
            {"object": {"type": "APPROVED", "instance_code": "A-1", "schedules": []}},
        ),
    ],
    ids=["v1", "v4", "remedy", "trip"],
)
def test_approval_has_its_status_in_every_shape(raw: dict[str, Any]) -> None:
    event = read(raw)

    assert isinstance(event, events.ApprovalInstance)
    assert (event.instance_code, event.status) == ("A-1", "APPROVED")
    assert event.approved
    assert not event.rejected


@pytest.mark.parametrize(
    "raw",
    [
        v1("approval_task", {"open_id": "ou_alice", "user_id": "alice", "status": "PENDING"}),
        v2("approval.task.status_changed_v4", {"assigned_user": ALICE, "status": "PENDING"}),
    ],
    ids=["v1", "v4"],
)
def test_task_names_its_approver_in_either_shape(raw: dict[str, Any]) -> None:
    event = read(raw)

    assert isinstance(event, events.ApprovalTask)
    assert (event.approver.open_id, event.approver.user_id) == ("ou_alice", "alice")


def test_copied_approval_names_its_sender() -> None:
    event = read(v1("approval_cc", {"from": "bob", "user_id": "alice", "instance_code": "A-1"}))

    assert isinstance(event, events.ApprovalCopied)
    assert (event.sender, event.user_id) == ("bob", "alice")


def test_reaction_names_who_and_what() -> None:
    body = {"message_id": "om_1", "reaction_type": {"emoji_type": "SMILE"}, "user_id": ALICE}

    event = read(v2("im.message.reaction.created_v1", body))

    assert isinstance(event, events.ReactionCreated)
    assert (event.message_id, event.emoji, event.user.open_id) == ("om_1", "SMILE", "ou_alice")


def test_chat_names_who_did_what_to_it() -> None:
    body = {"chat_id": "oc_1", "operator_id": ALICE, "name": "team", "external": False}
    change = {"before_change": {"name": "old"}, "after_change": {"name": "team"}}
    member = {"name": "Alice", "tenant_key": TENANT, "user_id": ALICE}

    added = read(v2("im.chat.member.bot.added_v1", body))
    updated = read(v2("im.chat.updated_v1", {**body, **change}))
    joined = read(v2("im.chat.member.user.added_v1", {**body, "users": [member]}))

    assert isinstance(added, events.BotAdded)
    assert isinstance(updated, events.ChatUpdated)
    assert isinstance(joined, events.MembersAdded)
    assert (added.chat_id, added.operator.open_id) == ("oc_1", "ou_alice")
    assert (updated.before.name, updated.after.name) == ("old", "team")
    assert joined.users[0].user_id.open_id == "ou_alice"


def test_read_message_names_reader_and_messages() -> None:
    body = {"reader": {"reader_id": ALICE}, "message_id_list": ["om_1"]}

    event = read(v2("im.message.message_read_v1", body))

    assert isinstance(event, events.MessageRead)
    assert (event.reader.reader_id.open_id, event.message_ids) == ("ou_alice", ["om_1"])


def test_action_on_a_card_is_flat() -> None:
    event = read(v2("card.action.trigger", ACTION, create_time="1774004597520000"))

    assert isinstance(event, events.CardAction)
    assert (event.operator.open_id, event.tag, event.value) == (
        "ou_alice",
        "button",
        {"action": "approve", "id": 7},
    )
    assert (event.message_id, event.chat_id, event.token) == ("om_card", "oc_1", "c-1")
    assert event.names == ("approve", "Approve")


def test_form_on_a_card_has_its_values_by_name() -> None:
    action = {"tag": "button", "name": "Submit", "form_value": {"day": "2026-01-01 +0800"}}
    chosen = {"tag": "select_static", "option": "1", "value": "a string"}
    typed = {"tag": "input", "input_value": "Min", "checked": True}

    used: list[Any] = [
        read(v2("card.action.trigger", {**ACTION, "action": each}))
        for each in (action, chosen, typed)
    ]
    form, select, field = used

    assert (form.form, form.names) == ({"day": "2026-01-01 +0800"}, ("Submit",))
    assert (select.option, select.value, select.names) == ("1", "a string", ())
    assert (field.input, field.checked) == ("Min", True)


def test_item_of_the_menu_names_who_chose_it() -> None:
    body = {"operator": {"operator_name": "A", "operator_id": ALICE}, "event_key": "help"}

    event = read(v2("application.bot.menu_v6", body))

    assert isinstance(event, events.MenuChosen)
    assert (event.event_key, event.user.open_id) == ("help", "ou_alice")


def test_event_without_a_class_is_read_by_attribute_too() -> None:
    body = {"file": {"token": "f1", "owners": [{"open_id": "ou_alice"}], "nested": [[{"a": 1}]]}}

    event: Any = read(v2("moon.landed_v1", body))

    assert type(event) is events.Event
    assert (event.file.token, event.file["token"]) == ("f1", "f1")
    assert event.file.owners[0].open_id == "ou_alice"
    assert event.file.nested[0][0].a == 1


def test_field_that_is_not_there_is_named_with_those_that_are() -> None:
    event: Any = read(v2("moon.landed_v1", {"file": {"token": "f1"}}))

    with pytest.raises(AttributeError, match="no field tokn; there are: token"):
        _ = event.file.tokn


@pytest.mark.parametrize("body", [{}, None, [], "text", {"object": 7}, {"action": [], "user": 3}])
@pytest.mark.parametrize("event_type", sorted(CLASSES))
def test_event_of_any_shape_is_read(event_type: str, body: Any) -> None:
    event = read(v2(event_type, body))

    assert type(event) is CLASSES[event_type]


def test_field_of_a_wrong_type_is_kept_as_it_came() -> None:
    event: Any = read(v2("contact.user.created_v3", {"object": {"name": ["A"], "status": "gone"}}))

    assert (event.user.name, event.user.status) == (["A"], "gone")
