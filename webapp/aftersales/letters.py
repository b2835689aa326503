"""What the workshop writes to customers, in the language of the installation."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engine.timers.calendars import calendar_for
from webapp.aftersales.models import ServiceVisit
from webapp.aftersales.workshop import CALENDAR
from webapp.core.config import settings
from webapp.core.formats import format_day, format_phone, format_time
from webapp.core.i18n import say_in
from webapp.customers.messages import MessageFacts, queue_customer_mail
from webapp.customers.models import MessagePurpose, MessageState
from webapp.customers.services import get_customer
from webapp.integrations.messaging.port import Mail
from webapp.staff.models import Centre, User
from webapp.vehicles.services import get_car

DAY_BEFORE, SERVICE_DUE = "aftersales.day_before", "aftersales.service_due"


def write_day_before(session: Session, visit: ServiceVisit, *, now: datetime) -> bool:
    """Remind of the appointment of tomorrow; False when there is no address to write to."""
    customer = get_customer(session, visit.customer_id)
    if visit.starts_at is None:
        return False
    language = settings().default_language
    zone = ZoneInfo(calendar_for(session, CALENDAR, visit.centre_id).zone)
    with say_in(language):
        lines = [
            _("Hello, %(name)s!", name=customer.name),
            "",
            _(
                "We expect your car on %(day)s at %(time)s.",
                day=format_day(visit.starts_at, language, zone),
                time=format_time(visit.starts_at, zone),
            ),
            _("If the time does not suit you, please call us: we shall find another one."),
            "",
            *_signature(session, visit),
        ]
        mail = Mail(subject=_("Your visit to our service centre"), text="\n".join(lines))
    dedupe = f"{DAY_BEFORE}:{visit.id}:{visit.moved_count}"
    return _write(session, visit, mail, subject="visit.day_before", dedupe=dedupe, now=now)


def write_of_service(session: Session, visit: ServiceVisit, *, due: date | None, now: datetime) -> bool:
    """Say that the next service falls due; False when there is no address to write to."""
    customer = get_customer(session, visit.customer_id)
    language = settings().default_language
    zone = ZoneInfo(calendar_for(session, CALENDAR, visit.centre_id).zone)
    with say_in(language):
        car = get_car(session, visit.car_id).name if visit.car_id else _("car")
        when = (
            _("The service of your %(car)s falls due on %(day)s.", car=car, day=format_day(due, language, zone))
            if due
            else _("The service of your %(car)s falls due.", car=car)
        )
        lines = [
            _("Hello, %(name)s!", name=customer.name),
            "",
            when,
            _("Call us or answer this letter, and we shall agree on a time that suits you."),
            "",
            *_signature(session, visit),
        ]
        mail = Mail(subject=_("Your car is due for service"), text="\n".join(lines))
    dedupe = f"{SERVICE_DUE}:{visit.id}"
    return _write(session, visit, mail, subject="visit.service_reminder", dedupe=dedupe, now=now)


def _write(session: Session, visit: ServiceVisit, mail: Mail, *, subject: str, dedupe: str, now: datetime) -> bool:
    """Both belong to the car that is in our care: service messages, without any offer."""
    facts = MessageFacts(MessagePurpose.SERVICE, subject=subject, dedupe=dedupe, case_key=visit.business_key)
    return queue_customer_mail(session, visit.customer_id, mail, facts, now=now).state is MessageState.QUEUED


def _signature(session: Session, visit: ServiceVisit) -> list[str]:
    advisor = session.get(User, visit.advisor_id) if visit.advisor_id else None
    centre = session.get(Centre, visit.centre_id)
    lines = []
    if advisor is not None:
        phone = format_phone(advisor.phone) if advisor.phone else ""
        lines.append(_("Your service advisor: %(who)s", who=", ".join(filter(None, (advisor.name, phone)))))
    if centre is not None:
        phone = format_phone(centre.phone) if centre.phone else ""
        lines.append(", ".join(filter(None, (centre.name, phone))))
    return lines
