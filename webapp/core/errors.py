"""Refusals of the application. Each has a stable code; `error_pages` turns them into HTTP.

The code names the sentence in `Feature.refusals`; without one the message is shown as it is.
"""

from collections.abc import Mapping, Sequence

from engine.errors import BusinessError


class DomainError(BusinessError):
    """A rule of the trade refuses the act."""


class NotFound(DomainError):
    """There is no such record, or it is not visible to this person."""


class Conflict(DomainError):
    """The record is not, or no longer, in the state that the act needs."""


class RuleViolation(DomainError):
    """What was entered breaks a rule."""


class Forbidden(DomainError):
    """This person may not do this."""


class FieldsRefused(RuleViolation):
    """What was entered is wrong at these fields; each with its sentences, in the caller's language."""

    def __init__(self, code: str, fields: Mapping[str, Sequence[str]]) -> None:
        super().__init__(code, f"Not accepted: {sorted(fields)}")
        self.fields = fields
