"""What is done with worksheets: opened, filled with needs, handed over, refused, lost, sold."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from webapp.core import audit
from webapp.core.errors import NotFound, RuleViolation
from webapp.customers import consents
from webapp.customers import services as customers
from webapp.customers.models import Answer, Customer, DataBasis, PreferredChannel, Sex
from webapp.inquiries.models import Inquiry, InterestType, Purpose, Source
from webapp.kit.phones import is_phone
from webapp.sales.models import LostReason, PayMethod, RefusalReason, Sale, Worksheet
from webapp.sales.temperature import Horizon, Temperature
from webapp.staff.models import User
from webapp.vehicles.models import CarModel

MOST_PRIORITIES = 3


@dataclass(frozen=True)
class PersonAnswers:
    """What a first talk tells about the person; None: not said."""

    first_name: str | None = None
    last_name: str | None = None
    phone: str | None = None
    sex: Sex | None = None
    preferred_channel: PreferredChannel | None = None
    data_basis: DataBasis | None = None
    advertising: Answer | None = None


@dataclass(frozen=True)
class Needs:
    """The answers of the needs analysis that rules and lists use; `profile` holds all others."""

    budget_from: Decimal | None
    budget_to: Decimal
    pay_method: PayMethod
    horizon: Horizon
    model_code: str | None
    priorities: tuple[str, ...]
    profile: Mapping[str, object]


def open_worksheet(session: Session, inquiry: Inquiry, customer: Customer, *, now: datetime) -> Worksheet:
    """A new worksheet for what a customer asked."""
    worksheet = Worksheet(
        customer_id=customer.id,
        customer=customer,
        inquiry_id=inquiry.id,
        centre_id=inquiry.centre_id,
        manager_id=inquiry.handed_to,
        opened_at=now,
        source_code=inquiry.source_code,
        campaign=inquiry.campaign,
        purpose=inquiry.purpose,
        interest_type=inquiry.interest_type,
        model_code=inquiry.model_code,
    )
    session.add(worksheet)
    session.flush()
    audit.record(
        session,
        action="sales.worksheet.opened",
        subject=worksheet.business_key,
        actor_id=inquiry.accepted_by,
        now=now,
        inquiry=inquiry.id,
    )
    return worksheet


def hand_over(session: Session, worksheet: Worksheet, user_id: int) -> None:
    """From now on this person's worksheet; and his customer, if nobody's. NotFound: person_unknown."""
    if session.get(User, user_id) is None:
        raise NotFound("person_unknown", number=user_id)
    worksheet.manager_id = user_id
    if worksheet.customer.owner_id is None:
        worksheet.customer.owner_id = user_id


def record_interest(
    session: Session,
    worksheet: Worksheet,
    *,
    source_code: str | None,
    campaign: str,
    purpose: Purpose | None,
    model_code: str | None,
    interest_type: InterestType | None,
) -> None:
    """What a first talk tells about the wish. RuleViolation: source_unknown, model_unknown."""
    if source_code is not None and session.get(Source, source_code) is None:
        raise RuleViolation("source_unknown", f"There is no source {source_code}.", source=source_code)
    worksheet.source_code = source_code or worksheet.source_code
    worksheet.campaign = campaign or worksheet.campaign
    worksheet.purpose = purpose or worksheet.purpose
    worksheet.interest_type = interest_type or worksheet.interest_type
    worksheet.model_code = _model(session, model_code) or worksheet.model_code


def record_person(
    session: Session, worksheet: Worksheet, answers: PersonAnswers, *, actor_id: int | None, now: datetime
) -> None:
    """Write on the customer's card what he said of himself. RuleViolation: phone_invalid; Conflict: phone_taken."""
    customer = customers.get_customer(session, worksheet.customer_id)
    if answers.first_name or answers.last_name:
        # a part that was not asked for stays, but for the number that somebody was called by until now
        customer.rename(
            last_name=answers.last_name or _unless_phone(customer.last_name),
            first_name=answers.first_name or _unless_phone(customer.first_name),
            middle_name=customer.middle_name,
            company_name=customer.company_name,
        )
    if answers.phone:
        customers.add_phone(session, customer, answers.phone)
    customer.sex = answers.sex or customer.sex
    customer.preferred_channel = answers.preferred_channel or customer.preferred_channel
    customer.data_basis = answers.data_basis or customer.data_basis
    if answers.advertising is Answer.NO:
        consents.decline_advertising(session, customer, actor_id=actor_id, now=now)
    elif answers.advertising is not None:
        customer.advertising = answers.advertising


def _unless_phone(name: str) -> str:
    return "" if is_phone(name) else name


def record_needs(session: Session, worksheet: Worksheet, needs: Needs) -> None:
    """What the customer wants and can pay.

    RuleViolation: budget_reversed, priorities_too_many, model_unknown, customer_unreachable (specification §1.1, 4).
    """
    customer = customers.get_customer(session, worksheet.customer_id)
    if not customer.phones and not customer.emails:
        raise RuleViolation("customer_unreachable", "A phone or an e-mail address is missing on the card.")
    if needs.budget_from is not None and needs.budget_from > needs.budget_to:
        raise RuleViolation("budget_reversed", "The budget ends below its beginning.")
    if len(needs.priorities) > MOST_PRIORITIES:
        raise RuleViolation("priorities_too_many", "Three priorities at most.", most=MOST_PRIORITIES)
    worksheet.budget_from, worksheet.budget_to = needs.budget_from, needs.budget_to
    worksheet.pay_method, worksheet.horizon = needs.pay_method, needs.horizon
    worksheet.model_code = _model(session, needs.model_code) or worksheet.model_code
    profile = {**needs.profile, "priorities": list(needs.priorities)}
    worksheet.needs = json.dumps(profile, ensure_ascii=False, default=str)


def record_wanted_model(session: Session, worksheet: Worksheet, model_code: str | None) -> None:
    """The car that it is about now. RuleViolation: model_unknown."""
    worksheet.model_code = _model(session, model_code) or worksheet.model_code


def set_temperature(worksheet: Worksheet, temperature: Temperature, *, now: datetime) -> None:
    """The manager sees it otherwise than the horizon tells; holds for seven days."""
    worksheet.temperature_override, worksheet.temperature_overridden_at = temperature, now


def record_refusal(
    session: Session,
    worksheet: Worksheet,
    *,
    reason_code: str,
    comment: str,
    competitor_code: str | None,
    competitor_price: Decimal | None,
    may_contact_later: bool,
) -> None:
    """The customer said no. RuleViolation: refusal_reason_unknown."""
    if session.get(RefusalReason, reason_code) is None:
        raise RuleViolation("refusal_reason_unknown", f"There is no reason {reason_code}.", reason=reason_code)
    worksheet.refuse(
        reason_code, comment=comment, competitor=competitor_code, price=competitor_price, later=may_contact_later
    )


@dataclass(frozen=True)
class DeliveredCar:
    """What is known of the car itself when it is handed over."""

    vin: str = ""
    plate: str = ""
    odometer: int | None = None
    first_service_due: date | None = None
    first_service_km: int | None = None
    warranty_until: date | None = None
    policy_until: date | None = None


def record_sale(
    session: Session,
    worksheet: Worksheet,
    *,
    model_code: str,
    price: Decimal,
    contract_number: str,
    delivered_on: date,
    actor_id: int | None,
    today: date,
    now: datetime,
    car: DeliveredCar = DeliveredCar(),
) -> Sale:
    """The car was handed over; `today` is the day where the centre is.

    RuleViolation: model_unknown, delivered_in_future.
    """
    if delivered_on > today:
        raise RuleViolation("delivered_in_future", "The day of delivery lies ahead.")
    sale = Sale(
        worksheet_id=worksheet.id,
        model_code=_model(session, model_code),
        price=price,
        contract_number=contract_number,
        delivered_on=delivered_on,
        vin=car.vin,
        plate=car.plate,
        odometer=car.odometer,
        first_service_due=car.first_service_due,
        first_service_km=car.first_service_km,
        warranty_until=car.warranty_until,
        policy_until=car.policy_until,
        recorded_by=actor_id,
        recorded_at=now,
    )
    session.add(sale)
    worksheet.clear_ending()
    audit.record(
        session, action="sales.car.delivered", subject=worksheet.business_key, actor_id=actor_id, now=now, price=price
    )
    return sale


def lose(worksheet: Worksheet, reason: LostReason) -> None:
    """The customer is gone without a word."""
    worksheet.lose(reason)


def _model(session: Session, code: str | None) -> str | None:
    if code is not None and session.get(CarModel, code) is None:
        raise RuleViolation("model_unknown", f"There is no model {code}.", model=code)
    return code
