"""People and departments who come, change and go (server-docs/contact-v3)."""

from __future__ import annotations

from pydantic import Field

from workers.handlers.events.event import Event
from workers.handlers.events.fields import Ids, Shape


class UserStatus(Shape):
    is_frozen: bool | None = None
    is_resigned: bool | None = None
    is_activated: bool | None = None
    is_exited: bool | None = None
    is_unjoin: bool | None = None


class User(Ids):
    """A user, as far as the app may see: which fields are sent depends on its permissions."""

    name: str | None = None
    en_name: str | None = None
    nickname: str | None = None
    email: str | None = None
    enterprise_email: str | None = None
    mobile: str | None = None
    job_title: str | None = None
    department_ids: list[str] | None = None
    leader_user_id: str | None = None
    status: UserStatus | None = None
    city: str | None = None
    country: str | None = None
    join_time: int | None = None
    employee_no: str | None = None
    employee_type: int | None = None


class Department(Shape):
    name: str | None = None
    department_id: str | None = None
    open_department_id: str | None = None
    parent_department_id: str | None = None
    leader_user_id: str | None = None
    chat_id: str | None = None
    order: int | None = None


class UserCreated(Event):
    """`contact.user.created_v3`: somebody joined."""

    user: User = Field(default_factory=User, alias="object")


class UserUpdated(Event):
    """`contact.user.updated_v3`. `before` holds what was changed, as it was."""

    user: User = Field(default_factory=User, alias="object")
    before: User = Field(default_factory=User, alias="old_object")


class UserDeleted(Event):
    """`contact.user.deleted_v3`: somebody left. `before` holds the departments."""

    user: User = Field(default_factory=User, alias="object")
    before: User = Field(default_factory=User, alias="old_object")


class DepartmentCreated(Event):
    """`contact.department.created_v3`."""

    department: Department = Field(default_factory=Department, alias="object")


class DepartmentUpdated(Event):
    """`contact.department.updated_v3`. `before` is the department as it was."""

    department: Department = Field(default_factory=Department, alias="object")
    before: Department = Field(default_factory=Department, alias="old_object")


class DepartmentDeleted(Event):
    """`contact.department.deleted_v3`."""

    department: Department = Field(default_factory=Department, alias="object")
    before: Department = Field(default_factory=Department, alias="old_object")
