"""After the handover: thanks, what was said, referrals, and the next thing to call about (S20 to S24)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.outbox import OutboxMessage
from webapp.core.clock import now as current_moment
from webapp.core.config import settings
from webapp.core.errors import NotFound
from webapp.core.formats import format_day, format_phone
from webapp.core.i18n import say_in
from webapp.core.workflow import engine
from webapp.customers import consents
from webapp.customers.messages import MessageFacts, MessageSkipped, queue_customer_mail
from webapp.customers.models import Customer, Interaction, MessagePurpose, MessageState
from webapp.customers.services import get_customer
from webapp.inquiries import services as inquiries
from webapp.inquiries.models import InquiryChannel, InterestType, Purpose
from webapp.inquiries.services import InquiryFacts, Registered
from webapp.integrations.beats import SendFailed
from webapp.integrations.messaging.port import Mail
from webapp.sales import queries
from webapp.sales.aftercare_plan import Occasion, Reminder, list_reminders, next_reminder, plan_first_month
from webapp.sales.follow_up_plan import OpeningHours
from webapp.sales.models import AFTERCARE, Sale, Worksheet
from webapp.sales.models.contracts import SalesSurvey
from webapp.sales.survey_score import is_unhappy, satisfaction_index
from webapp.staff.models import Centre, User
from webapp.vehicles.queries import get_brand_code, get_model_name

DELIVERED = "worksheet.delivered"  # the message by which the care begins
THANKS_FAILED = "aftercare.thanks_failed"
THANKS = "sales.thanks"  # prefix of the mail's dedupe; its number is the worksheet's
RECOMMENDED, REPEATED = "recommendation", "repeat"
ONE_ROUND = timedelta(days=14)  # calls that were not answered count together for so long


@dataclass(frozen=True)
class SurveyAnswers:
    """`scores`: question to 1 to 5, those that were answered."""

    scores: Mapping[str, int]
    nps: int
    test_drive_offered: bool | None
    opinion: str
    may_publish: bool


def aftercare_key(worksheet_id: int) -> str:
    """The business key of the care after a handover."""
    return f"{AFTERCARE}:{worksheet_id}"


def get_sale(session: Session, worksheet_id: int) -> Sale:
    """NotFound: sale_missing."""
    sale = session.get(Sale, worksheet_id)
    if sale is None:
        raise NotFound("sale_missing", f"No car of worksheet {worksheet_id} was handed over.")
    return sale


def begin(session: Session, worksheet: Worksheet, *, hours: OpeningHours, actor_id: int | None, now: datetime) -> None:
    """Start the care for the car that was handed over: a case of its own, its times counted from now."""
    sale = get_sale(session, worksheet.id)
    plan = plan_first_month(now, hours=hours)
    payload = {
        "worksheet_id": worksheet.id,
        "customer_id": worksheet.customer_id,
        "model": sale.model_code,
        "source": worksheet.source_code,
        "campaign": worksheet.campaign or None,
        "delivered_on": sale.delivered_on,
        "thank_at": plan.thank_at,
        "call_at": plan.call_at,
        "survey_at": plan.survey_at,
        "month_call_at": plan.month_call_at,
    }
    engine().correlate_message(
        session,
        DELIVERED,
        aftercare_key(worksheet.id),
        payload,
        actor_id=actor_id,
        now=now,
        scope_id=worksheet.centre_id,
        owner_id=worksheet.manager_id,
    )


def send_thanks(session: Session, worksheet: Worksheet, *, now: datetime) -> bool:
    """Thank by mail, in the language of the installation; False when there is no address to write to."""
    customer = get_customer(session, worksheet.customer_id)
    with say_in(settings().default_language):
        mail = _thanks(session, worksheet, customer)
    facts = MessageFacts(
        MessagePurpose.SERVICE,
        subject="aftercare.thanks",
        dedupe=f"{THANKS}:{worksheet.id}",
        case_key=aftercare_key(worksheet.id),
    )
    message = queue_customer_mail(session, customer.id, mail, facts, now=now)
    return message.state is MessageState.QUEUED


def tell_of_unsent_thanks(event: SendFailed, session: Session) -> None:
    """A thank-you that could not be delivered is a call instead: the waiting case hears of it."""
    message = session.get(OutboxMessage, json.loads(event.incident.command).get("outbox"))
    if message is not None:
        _call_instead(session, message.dedupe)


def tell_of_skipped_thanks(event: MessageSkipped, session: Session) -> None:
    """One that must not be sent is a call instead too."""
    _call_instead(session, event.message.dedupe)


def _call_instead(session: Session, dedupe: str) -> None:
    prefix, _colon, number = dedupe.rpartition(":")
    if prefix == THANKS:
        key = aftercare_key(int(number))
        engine().correlate_message(session, THANKS_FAILED, key, {}, actor_id=None, now=current_moment())


def count_unanswered(session: Session, case_key: str, subject: str, *, now: datetime) -> int:
    """How many calls of this step nobody has taken lately."""
    statement = select(func.count(Interaction.id)).where(
        Interaction.case_key == case_key,
        Interaction.subject == subject,
        Interaction.result == "not_reached",
        Interaction.at > now - ONE_ROUND,
    )
    return session.scalar(statement) or 0


def record_survey(
    session: Session, worksheet: Worksheet, answers: SurveyAnswers, *, actor_id: int | None, now: datetime
) -> tuple[Decimal | None, bool]:
    """Keep the answers; returns the CSI, and whether they make a complaint."""
    csi = satisfaction_index(answers.scores)
    survey = session.get(SalesSurvey, worksheet.id) or SalesSurvey(worksheet_id=worksheet.id)
    survey.answered_at, survey.asked_by = now, actor_id
    survey.scores, survey.csi, survey.nps = json.dumps(dict(answers.scores)), csi, answers.nps
    survey.test_drive_offered, survey.opinion = answers.test_drive_offered, answers.opinion
    survey.may_publish = answers.may_publish
    session.add(survey)
    return csi, is_unhappy(answers.scores, answers.nps)


def register_referrals(
    session: Session,
    worksheet: Worksheet,
    referrals: Sequence[Mapping[str, Any]],
    *,
    actor_id: int | None,
    now: datetime,
) -> int:
    """An inquiry for each who agreed to be called; of the others nothing is kept. Returns how many agreed."""
    agreed = [each for each in referrals if each.get("permission") == "yes"]
    for each in agreed:
        facts = InquiryFacts(
            channel=InquiryChannel.REFERRAL,
            purpose=Purpose.NEW_CAR,
            phone=str(each["phone"]),
            name=str(each["name"]),
            source_code=RECOMMENDED,
            handed_to=worksheet.manager_id,
            centre_id=worksheet.centre_id,
        )
        inquiries.register_inquiry(session, facts, actor_id=actor_id, now=now)
    return len(agreed)


def plan_reminder(
    session: Session, worksheet: Worksheet, *, after: date | None, service_settled: bool
) -> Reminder | None:
    """The next thing to call about after a day. `service_settled`: it is known what becomes of the first service."""
    sale = get_sale(session, worksheet.id)
    reminders = list_reminders(
        sale.delivered_on,
        warranty_until=sale.warranty_until,
        policy_until=sale.policy_until,
        service_due=None if service_settled else sale.first_service_due,
        born=get_customer(session, worksheet.customer_id).birth_date,
    )
    return next_reminder(reminders, after=after)


def may_call_about(session: Session, worksheet: Worksheet, occasion: Occasion, *, now: datetime) -> bool:
    """An offer needs consent to advertising by phone, and a customer who is not choosing a car already.

    A congratulation, and that a policy, the warranty or the time until the first service ends, is no advertising.
    """
    if occasion is not Occasion.TRADE_IN:
        return True
    customer = get_customer(session, worksheet.customer_id)
    if not consents.may_be_offered_by_phone(session, customer, now=now):
        return False
    return not _is_choosing(session, worksheet)


def ask_for_service(
    session: Session, worksheet: Worksheet, *, wished_day: date, comment: str, actor_id: int | None, now: datetime
) -> Registered:
    """The customer wants an appointment: an inquiry to the service department, which gives him the time."""
    language = settings().default_language
    with say_in(language):
        wish = _("First service, wished on %(day)s", day=format_day(wished_day, language, UTC))
    facts = InquiryFacts(
        channel=InquiryChannel.CALL,
        purpose=Purpose.SERVICE,
        customer_id=worksheet.customer_id,
        source_code=REPEATED,
        centre_id=worksheet.centre_id,
        comment="\n".join(filter(None, (wish, comment))),
    )
    return inquiries.register_inquiry(session, facts, actor_id=actor_id, now=now)


def open_repeat_purchase(
    session: Session, worksheet: Worksheet, *, model_code: str | None, comment: str, actor_id: int | None, now: datetime
) -> Registered:
    """The customer thinks of his next car: an inquiry, and with it a new worksheet of the same manager."""
    facts = InquiryFacts(
        channel=InquiryChannel.CALL,
        purpose=Purpose.TRADE_IN,
        customer_id=worksheet.customer_id,
        source_code=REPEATED,
        model_code=model_code,
        interest_type=InterestType.NEW,
        handed_to=worksheet.manager_id,
        centre_id=worksheet.centre_id,
        comment=comment,
    )
    return inquiries.register_inquiry(session, facts, actor_id=actor_id, now=now)


def _is_choosing(session: Session, worksheet: Worksheet) -> bool:
    brand = get_brand_code(session, worksheet.model_code)
    active = queries.find_active_worksheet(
        session, worksheet.customer_id, interest_type=InterestType.ANY, brand_code=brand
    )
    return active is not None


def _thanks(session: Session, worksheet: Worksheet, customer: Customer) -> Mail:
    sale = get_sale(session, worksheet.id)
    manager = session.get(User, worksheet.manager_id) if worksheet.manager_id else None
    centre = session.get(Centre, worksheet.centre_id) if worksheet.centre_id else None
    lines = [
        _("Hello, %(name)s!", name=customer.name),
        "",
        _("Thank you for choosing your %(car)s with us.", car=get_model_name(session, sale.model_code)),
        _("Tomorrow your manager calls to ask how the first day went."),
        "",
    ]
    if manager is not None:
        phone = format_phone(manager.phone) if manager.phone else ""
        lines.append(_("Your manager: %(who)s", who=", ".join(filter(None, (manager.name, phone)))))
    if centre is not None:
        phone = format_phone(centre.phone) if centre.phone else ""
        lines.append(", ".join(filter(None, (centre.name, phone))))
    return Mail(subject=_("Thank you for your purchase"), text="\n".join(lines))
