"""Approvals, of both generations of events (server-docs/approval-v4/event)."""

from __future__ import annotations

from typing import Any, Final

from pydantic import Field, model_validator

from workers.handlers.events.event import Event
from workers.handlers.events.fields import Ids

APPROVED: Final = "APPROVED"
REJECTED: Final = "REJECTED"


class Approval(Event):
    """What all of them have; what schema 2.0 wraps into an `object` is unwrapped."""

    approval_code: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _unwrapped(cls, body: Any) -> Any:
        """A business trip has its status where all others have their kind."""
        if not isinstance(body, dict):
            return body
        wrapped = body.get("object")
        fields = {**body, **wrapped} if isinstance(wrapped, dict) else body
        kind = fields.get("type")
        decided = isinstance(kind, str) and kind.isupper()
        return {"status": kind, **fields} if decided else fields


class ApprovalInstance(Approval):
    """`approval_instance`, `approval.instance.…_v4`: an approval was asked for or decided.

    `status` is PENDING, APPROVED, REJECTED, CANCELED, DELETED, REVERTED, OVERTIME_CLOSE or
    OVERTIME_RECOVER.
    """

    instance_code: str | None = None
    status: str | None = None
    operate_time: str | None = None
    start_user: Ids | None = None

    @property
    def approved(self) -> bool:
        return self.status == APPROVED

    @property
    def rejected(self) -> bool:
        return self.status == REJECTED


class ApprovalTask(Approval):
    """`approval_task`, `approval.task.status_changed_v4`: somebody is to decide, or has.

    `status` is PENDING, APPROVED, REJECTED, TRANSFERRED, ROLLBACK, DONE, OVERTIME_CLOSE or
    OVERTIME_RECOVER.
    """

    instance_code: str | None = None
    task_id: str | None = None
    status: str | None = None
    operate_time: str | None = None
    assigned_user: Ids | None = None
    open_id: str | None = None
    user_id: str | None = None

    @property
    def approver(self) -> Ids:
        """Who is asked, in either generation."""
        if isinstance(self.assigned_user, Ids):
            return self.assigned_user
        return Ids(open_id=self.open_id, user_id=self.user_id)


class ApprovalCopied(Approval):
    """`approval_cc`: an approval was copied to somebody."""

    instance_code: str | None = None
    user_id: str | None = None
    sender: str | None = Field(None, alias="from")


class ApprovalUpdated(Approval):
    """`approval.approval.updated_v4`: what is asked for in an approval of a kind was changed."""

    approval_id: str | None = None
    version_id: str | None = None
