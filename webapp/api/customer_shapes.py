"""The shapes of customers: lists, one card, and what is told of a new or a changed one."""

from flask_babel import lazy_gettext as _l
from marshmallow import Schema, fields, validate

from webapp.api.paging import Paged
from webapp.api.reading import Body
from webapp.api.resource import at_most, one_of, words
from webapp.api.shapes import day, number
from webapp.customers.models import CustomerKind, Sex
from webapp.customers.schemas import MOST_NUMBERS

ADDRESS = fields.Email(validate=validate.Length(max=254, error=_l("At most {max} characters.")))


class CustomerQuery(Paged):
    """Which customers are asked for."""

    q = words(80, load_default="", metadata={"description": _l("A name in any spelling, or the end of a phone.")})
    kind = one_of(CustomerKind, load_default=None)
    owner = number(load_default=None)
    centre = number(load_default=None)


class CustomerOut(Schema):
    """A customer in a list."""

    id = fields.Integer(required=True)
    kind = fields.String(required=True)
    name = fields.String(required=True)
    last_name = fields.String(required=True)
    first_name = fields.String(required=True)
    middle_name = fields.String(required=True)
    company_name = fields.String(required=True)
    phone = fields.String(required=True, allow_none=True)
    owner_id = fields.Integer(required=True, allow_none=True)
    centre_id = fields.Integer(required=True, allow_none=True)


class ConsentOut(Schema):
    """Whether a consent holds now, for advertising by channel."""

    kind = fields.String(required=True)
    channel = fields.String(required=True, allow_none=True)
    holds = fields.Boolean(required=True)


class FullCustomerOut(CustomerOut):
    """One card."""

    phones = fields.List(fields.String(), required=True)
    emails = fields.List(fields.String(), required=True)
    sex = fields.String(required=True)
    birth_date = fields.Date(required=True, allow_none=True)
    note = fields.String(required=True)
    post_code = fields.String(required=True)
    post_address = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    consents = fields.List(fields.Nested(ConsentOut), required=True)


class CustomerIn(Body):
    """A new card. Phones as people write them, the one to use first."""

    kind = one_of(CustomerKind, load_default=CustomerKind.PERSON.value)
    last_name = words(60, load_default="")
    first_name = words(60, load_default="")
    middle_name = words(60, load_default="")
    company_name = words(200, load_default="")
    sex = one_of(Sex, load_default=Sex.UNKNOWN.value)
    birth_date = day(load_default=None, allow_none=True)
    owner_id = number(load_default=None, allow_none=True)
    centre_id = number(load_default=None, allow_none=True)
    note = words(5000, load_default="")
    post_code = words(12, load_default="")
    post_address = words(300, load_default="")
    phones = fields.List(words(40), load_default=list, validate=at_most(MOST_NUMBERS))
    emails = fields.List(ADDRESS, load_default=list, validate=at_most(MOST_NUMBERS))


class ChangeIn(Body):
    """What is changed on a card; what is not named stays."""

    kind = one_of(CustomerKind)
    last_name = words(60)
    first_name = words(60)
    middle_name = words(60)
    company_name = words(200)
    sex = one_of(Sex)
    birth_date = day(allow_none=True)
    owner_id = number(allow_none=True)
    centre_id = number(allow_none=True)
    note = words(5000)
    post_code = words(12)
    post_address = words(300)
    phones = fields.List(words(40), validate=at_most(MOST_NUMBERS))
    emails = fields.List(ADDRESS, validate=at_most(MOST_NUMBERS))
