"""Every way a turn or a delivery can go wrong, sorted by what to do about it.

* LarkspurError
  + TransientError           retry, after `retry_after` seconds if the far side named them
    - StoreUnavailable       Redis is away, full, read-only or slow
    - FeishuUnavailable      no answer, or an HTTP 5xx
      . NoSuchApi            whoever answers there does not serve this call
    - FeishuRateLimited      the gateway or a chat says: slower
    - ModelUnavailable       no answer, a 5xx, or a rate limit
    - NewerFormat            a newer release wrote this, and can read it
  + PermanentError           no retry can cure it
    - MalformedEvent         the platform sent something we cannot read
    - FeishuRejected         a call was refused for good; holds `code` and `log_id`
      . CredentialsRejected  app id or secret is wrong
      . PermissionMissing    the app was not granted what the call needs
      . MessageGone          what is to be answered or changed was recalled or deleted
      . QuotaSpent           this month's calls of the tenant are used up
    - CardRefused            Feishu takes no card there; a text may do
    - TooLarge               a file has more bytes than are wanted
    - NotFetched             a URL leads nowhere, or not where we go; holds `reason`
    - ModelRefused           the model will not answer this prompt
  + LeaseLost                somebody else owns the conversation: stop, write nothing
  + ConfigurationError       said before start; the process exits with EX_CONFIG
"""

from __future__ import annotations

from typing import Final

EX_CONFIG: Final = 78
"""Exit code for what a human must mend, as in sysexits.h; supervisors do not retry it."""


class LarkspurError(Exception):
    """Something went wrong."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.__doc__)


class TransientError(LarkspurError):
    """A passing fault."""

    def __init__(self, message: str | None = None, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class StoreUnavailable(TransientError):
    """Redis did not take the write."""


class FeishuUnavailable(TransientError):
    """Feishu did not answer, or answered with an HTTP 5xx."""


class NoSuchApi(FeishuUnavailable):
    """HTTP 404 without a code: this call is not served there, or not now."""


class FeishuRateLimited(TransientError):
    """Feishu asks for fewer calls, or our own count of them does.

    `code` is Feishu's and 0 if it was not asked; `limit` is the number of calls it named, if any.
    """

    def __init__(
        self,
        message: str | None = None,
        *,
        retry_after: float | None = None,
        code: int = 0,
        limit: int | None = None,
    ) -> None:
        super().__init__(message, retry_after=retry_after)
        self.code = code
        self.limit = limit


class ModelUnavailable(TransientError):
    """The model did not answer."""


class NewerFormat(TransientError):
    """A newer release wrote this."""


class PermanentError(LarkspurError):
    """A fault that no retry can cure."""


class MalformedEvent(PermanentError):
    """The platform sent something that cannot be read.

    `reason` is one word, a metric label.
    """

    def __init__(self, reason: str, message: str | None = None) -> None:
        super().__init__(message or reason)
        self.reason = reason


class FeishuRejected(PermanentError):
    """Feishu refused a call."""

    def __init__(self, code: int, message: str, *, log_id: str | None = None) -> None:
        super().__init__(f"{code}: {message}" + (f" (log id {log_id})" if log_id else ""))
        self.code = code
        self.log_id = log_id


class CredentialsRejected(FeishuRejected):
    """Feishu does not know this app id, or not with this secret."""


class PermissionMissing(FeishuRejected):
    """The app lacks a permission; the message names it."""


class MessageGone(FeishuRejected):
    """The message was recalled or deleted, or its topic was."""


class QuotaSpent(FeishuRejected):
    """No more calls this month."""


class CardRefused(PermanentError):
    """Feishu does not take this card, or no cards at all."""


class TooLarge(PermanentError):
    """A file is larger than what is wanted of it."""


class NotFetched(PermanentError):
    """What a URL leads to was not had.

    `reason` is one word, a metric label. The message does not tell the URL, which may be private.
    """

    def __init__(self, reason: str, message: str | None = None) -> None:
        super().__init__(f"{reason}: {message}" if message else reason)
        self.reason = reason


class ModelRefused(PermanentError):
    """The model will not answer this prompt."""


class LeaseLost(LarkspurError):
    """The lease expired, and the conversation may be another worker's by now."""


class ConfigurationError(LarkspurError):
    """A setting is missing or wrong."""
