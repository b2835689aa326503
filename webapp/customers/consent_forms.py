"""The forms of the consents pages."""

from datetime import date, datetime, time, timedelta

from flask_babel import lazy_gettext as _l
from marshmallow import fields, validate

from webapp.core.clock import now
from webapp.core.forms import FormSchema, choice, day, text, whole_number
from webapp.core.i18n import current_zone, local_now
from webapp.customers.models import ConsentChannel, ConsentKind, ConsentWay, PreferredChannel, WithdrawalWay

LONGEST_TEXT = 20_000


def _channels() -> "fields.List[str]":
    known = [channel.value for channel in ConsentChannel]
    each = fields.String(validate=validate.OneOf(known, error=_l("Choose one of the list.")))
    return fields.List(each, load_default=[])


class GiveForm(FormSchema):
    """A consent that was given."""

    kind = choice([kind.value for kind in ConsentKind])
    channels = _channels()
    way = choice([way.value for way in ConsentWay])
    given_on = day(load_default=None)
    valid_until = day(load_default=None)
    text_id = whole_number(load_default=None)
    proof = text(200)


class WithdrawForm(FormSchema):
    """A consent that was withdrawn."""

    kind = choice([kind.value for kind in ConsentKind])
    channels = _channels()
    way = choice([way.value for way in WithdrawalWay if way is not WithdrawalWay.WEB])
    reason = text(300)


class PreferredForm(FormSchema):
    preferred_channel = choice([channel.value for channel in PreferredChannel])


class StopForm(FormSchema):
    reason = text(300, required=True)


class TextForm(FormSchema):
    """A new version of what people agree to."""

    kind = choice([kind.value for kind in ConsentKind])
    text_ru = text(LONGEST_TEXT, required=True)
    text_en = text(LONGEST_TEXT, required=True)


def moment_given(on: date | None) -> datetime:
    """When it was given: today means now, another day its noon where the reader is."""
    if on is None or on == local_now().date():
        return now()
    return datetime.combine(on, time(12), current_zone())


def first_moment_after(last: date | None) -> datetime | None:
    """A consent holds to the end of the day that is named."""
    return datetime.combine(last + timedelta(days=1), time(), current_zone()) if last else None
