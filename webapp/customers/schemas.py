"""The forms of the customers pages."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import fields, pre_load, validate

from webapp.core.forms import FormSchema, choice, day, moment, text, whole_number
from webapp.customers.models import CustomerKind, Direction, InteractionChannel, Sex

MOST_NUMBERS = 10


class CustomerForm(FormSchema):
    """A card. Phones and mails stand one in a line; empty lines do not count."""

    kind = choice([kind.value for kind in CustomerKind])
    last_name = text(60)
    first_name = text(60)
    middle_name = text(60)
    company_name = text(200)
    sex = choice([sex.value for sex in Sex], required=False)
    birth_date = day(load_default=None)
    owner_id = whole_number(load_default=None)
    centre_id = whole_number(load_default=None)
    note = text(5000)
    post_code = text(12)
    post_address = text(300)
    phones = fields.List(fields.String(validate=validate.Length(max=40)), load_default=[])
    emails = fields.List(
        fields.String(
            validate=[
                validate.Email(error=_l("Not a valid email address.")),
                validate.Length(max=254, error=_l("At most {max} characters.")),
            ]
        ),
        load_default=[],
    )

    @pre_load
    def drop_empty_lines(self, typed: Mapping[str, Any], **_: object) -> dict[str, Any]:
        lists = {
            name: [line.strip() for line in typed[name] if line.strip()][:MOST_NUMBERS]
            for name in ("phones", "emails")
            if isinstance(typed.get(name), list)
        }
        return {**typed, **lists}


class ContactForm(FormSchema):
    """A contact that happened."""

    channel = choice([channel.value for channel in InteractionChannel])
    direction = choice([direction.value for direction in Direction])
    subject = text(200, required=True)
    comment = text(5000)
    at = moment(load_default=None)
    next_at = moment(load_default=None)
