"""The forms of the pages about cars."""

from flask_babel import lazy_gettext as _l
from marshmallow import fields, validate

from webapp.core.forms import FormSchema, day, text, whole_number
from webapp.vehicles.models import SERVICE_MONTHS

MOST_KM = 9_999_999


class CarForm(FormSchema):
    """What is told about a car."""

    plate = text(16)
    plate_country = text(3)
    vin = text(24)
    body_number = text(17)
    model_code = text(40)
    brand_code = text(40)
    description = text(120)
    year = whole_number(load_default=None)
    km = fields.Integer(
        load_default=None, validate=validate.Range(0, MOST_KM, error=_l("Enter the kilometres as on the odometer."))
    )
    since = day(load_default=None)
    service_months = fields.Integer(
        load_default=None, validate=validate.OneOf(SERVICE_MONTHS, error=_l("Choose one of the list."))
    )


class OwnerForm(FormSchema):
    """Who has the car now; without a customer: the owner has parted with it, and we do not know to whom."""

    customer_id = whole_number(load_default=None)
    on = day(load_default=None)
