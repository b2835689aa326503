"""What several resources answer with: moments, plain values of cases, and what an act has led to."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import Schema, ValidationError, fields, validate

from engine.feel import YearsMonths
from webapp.core.forms import EARLIEST, LARGEST_NUMBER, LATEST


def moment(**options: Any) -> fields.AwareDateTime:
    """A moment with its zone, as 2026-03-02T09:00:00+03:00."""
    return fields.AwareDateTime(format="iso", validate=_within_calendar, **options)


_of_a_record = validate.Range(1, LARGEST_NUMBER, error=_l("Not a valid integer."))


def number(**options: Any) -> fields.Integer:
    """The number of a record."""
    return fields.Integer(validate=_of_a_record, **options)


def day(**options: Any) -> fields.Date:
    """A day, as 2026-03-02."""
    check = validate.Range(EARLIEST, LATEST, error=_l("Not a valid date."))
    return fields.Date(validate=check, **options)


def plain(value: Any) -> Any:
    """A value of a case document as JSON has it: decimals, days and moments are texts, lengths of time ISO 8601."""
    if isinstance(value, Mapping):
        return {str(name): plain(below) for name, below in value.items()}
    if isinstance(value, list | tuple):
        return [plain(below) for below in value]
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return f"PT{value.total_seconds():g}S"
    if isinstance(value, YearsMonths):
        return f"P{value.months}M"
    return value


class TaskDone(Schema):
    """What came of an act on a task. `incident_id`: it failed for a technical reason and will be tried again."""

    task_id = fields.Integer(required=True)
    case_id = fields.Integer(required=True)
    next_tasks = fields.List(fields.Integer(), required=True)
    outcome = fields.String(required=True, allow_none=True)
    incident_id = fields.Integer(required=True, allow_none=True)


class Made(Schema):
    """The number of the record that was made or changed."""

    id = fields.Integer(required=True)


class Done(Schema):
    """The act is done; the case that it belongs to."""

    case_id = fields.Integer(required=True)


def _within_calendar(found: datetime) -> None:
    if not EARLIEST < found.date() < LATEST:
        raise ValidationError("Not a valid datetime.")
