"""The forms of the register and of the advertising spend."""

from marshmallow import fields

from webapp.core.forms import FormSchema, amount, choice, day, moment, text, whole_number
from webapp.inquiries.models import InquiryChannel, InterestType, Purpose, SpendDepartment
from webapp.inquiries.spending import LARGEST

BY_HAND = (InquiryChannel.CALL, InquiryChannel.WALK_IN, InquiryChannel.CHAT, InquiryChannel.EMAIL)


class RegisterForm(FormSchema):
    """A call, a visit or a message as somebody registers it while it happens.

    `act` is the button: save, or count a nameless one. `q` is the input "phone or name" above the card.
    """

    act = choice(["save", "nameless"], required=False)
    q = text(200)
    customer_id = whole_number(load_default=None)
    phone = text(40)
    name = text(180)
    channel = choice([channel.value for channel in BY_HAND])
    purpose = choice([purpose.value for purpose in Purpose])
    model_code = text(40)
    interest_type = choice([kind.value for kind in InterestType], required=False)
    source_code = text(40)
    campaign = text(120)
    dialled_number = text(20)
    handed_to = whole_number(load_default=None)
    visit_at = moment(load_default=None)
    comment = text(2000)
    missed = fields.Boolean(load_default=False)


class SpendForm(FormSchema):
    """What advertising costs for some days."""

    source_code = text(40)
    campaign = text(120)
    department = choice([department.value for department in SpendDepartment], required=False)
    centre_id = whole_number(load_default=None)
    from_day = day(required=True)
    to_day = day(required=True)
    amount = amount(LARGEST)
    note = text(2000)
