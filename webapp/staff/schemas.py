"""The forms of the staff pages."""

from datetime import date

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, fields, validates_schema

from webapp.core.forms import FormSchema, choice, day, text, whole_number
from webapp.core.i18n import LANGUAGES, is_time_zone
from webapp.core.permissions import ScopeKind
from webapp.core.preferences import THEMES
from webapp.kit.tax_numbers import is_tax_number
from webapp.staff.roles import ROLES


def _require_known_zone(name: str) -> None:
    if not is_time_zone(name):
        raise ValidationError(str(_l("Choose one of the list.")))


class SignInForm(FormSchema):
    email = text(254, required=True)
    password = fields.String(required=True)


class ForgottenForm(FormSchema):
    email = text(254, required=True)


class NewPasswordForm(FormSchema):
    """A new password, typed twice."""

    password = fields.String(required=True)
    repeated = fields.String(required=True)

    @validates_schema
    def same(self, data: dict[str, str], **_: object) -> None:
        if data["password"] != data["repeated"]:
            raise ValidationError(str(_l("The two passwords differ.")), "repeated")


class OwnPasswordForm(NewPasswordForm):
    """The same by oneself, who knows the present one."""

    current = fields.String(required=True)


class SetUpForm(NewPasswordForm):
    """The first start."""

    name = text(120, required=True)
    email = text(254, required=True)
    centre = text(120, required=True)


class PersonForm(FormSchema):
    """A staff card."""

    name = text(120, required=True)
    email = text(254, required=True)
    position = text(120)
    phone = text(40)
    head_id = whole_number(load_default=None)


class NewPersonForm(PersonForm):
    """A staff card with the first role."""

    role = choice([role.name for role in ROLES])
    centre_id = whole_number(load_default=None)


class GrantForm(FormSchema):
    role = choice([role.name for role in ROLES])
    centre_id = whole_number(load_default=None)


class ExceptionForm(FormSchema):
    """One right that deviates from the roles: a scope, "none" to take it away, "" to follow the roles again."""

    permission = text(80, required=True)
    scope = choice(["none", *(kind.name.lower() for kind in ScopeKind)], required=False)


class AbsenceForm(FormSchema):
    """First and last day of an absence."""

    first_day = day(required=True)
    last_day = day(required=True)
    deputy_id = whole_number(load_default=None)

    @validates_schema
    def in_order(self, data: dict[str, date], **_: object) -> None:
        if data["last_day"] < data["first_day"]:
            raise ValidationError(str(_l("The last day lies before the first.")), "last_day")


class ProfileForm(FormSchema):
    language = choice(LANGUAGES)
    theme = choice(THEMES)
    time_zone = fields.String(required=True, validate=_require_known_zone)


def _require_tax_number(number: str) -> None:
    if not is_tax_number(number):
        raise ValidationError(str(_l("An INN has 10 or 12 digits; check them, the last ones do not fit the others.")))


class CentreForm(FormSchema):
    name = text(120, required=True)
    city = text(120)
    phone = text(40)
    legal_name = text(200)
    tax_number = fields.String(load_default=None, validate=_require_tax_number)
    address = text(300)
    site = text(120)
    without_logo = fields.Boolean(load_default=False)
    time_zone = fields.String(required=True, validate=_require_known_zone)
    active = fields.Boolean(load_default=False)
