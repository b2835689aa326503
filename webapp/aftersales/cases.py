"""How a service visit is called on the pages of its case, and what is known of it there."""

from collections.abc import Mapping, Sequence

from flask import url_for
from flask_babel import gettext as _
from flask_babel import pgettext
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from engine.history.export.naming import CaseObject
from webapp.aftersales import absences, order_writing, prefilling, recommending, visiting
from webapp.aftersales.labels import HERE_UNBOOKED, REASONS, STATUSES
from webapp.aftersales.models import ServiceVisit, VisitReason, VisitStatus, WorkOrder, Workshop
from webapp.aftersales.needs import find_jobs
from webapp.aftersales.next_service import INTERVAL_KM, INTERVAL_MONTHS, NextService, months_after
from webapp.aftersales.reminders import next_service_of
from webapp.core import formats
from webapp.core.clock import now
from webapp.core.feature import CaseLabel, Fact
from webapp.core.i18n import current_language, current_zone
from webapp.core.permissions import scope_if_any
from webapp.customers.services import get_customer
from webapp.staff.models import Centre
from webapp.vehicles.models import CustomerCar
from webapp.vehicles.services import get_car

_NUMBER = {"ru": "СВ", "en": "SV"}


def visit_number(visit_id: int, language: str) -> str:
    """СВ-000042 for Russian readers, SV-000042 for others."""
    return f"{_NUMBER.get(language, _NUMBER['en'])}-{visit_id:06}"


def describe_visits(session: Session, ids: Sequence[int]) -> Mapping[int, CaseLabel]:
    """Customer, then number and car with its plate."""
    language = current_language()
    rows = session.execute(
        select(ServiceVisit, CustomerCar, Centre.name, WorkOrder)
        .outerjoin(CustomerCar, CustomerCar.id == ServiceVisit.car_id)
        .outerjoin(Centre, Centre.id == ServiceVisit.centre_id)
        .outerjoin(WorkOrder, WorkOrder.visit_id == ServiceVisit.id)
        .where(ServiceVisit.id.in_(ids))
        .options(joinedload(ServiceVisit.advisor), joinedload(CustomerCar.model))
    ).unique()
    labels = {}
    for visit, car, centre, order in rows:
        parts = (visit_number(visit.id, language), car.name if car else "", car.shown_plate if car else "")
        labels[visit.id] = CaseLabel(
            title=visit.customer.name,
            detail=", ".join(filter(None, parts)),
            url=url_for("customers.show_customer", customer_id=visit.customer_id),
            customer_id=visit.customer_id,
            words=_words(visit, car, centre or "", order, language),
        )
    return labels


def visit_objects(session: Session, ids: Sequence[int]) -> Mapping[int, Sequence[CaseObject]]:
    """Whose visit it is and of which car; for exports of the log."""
    visit = ServiceVisit
    found = {}
    for row in session.execute(select(visit.id, visit.customer_id, visit.car_id).where(visit.id.in_(ids))):
        found[row.id] = [CaseObject("customer", row.customer_id)]
        if row.car_id is not None:
            found[row.id].append(CaseObject("car", row.car_id))
    return found


def visit_facts(session: Session, visit_id: int) -> Sequence[Fact]:
    """What an advisor wants at hand while he talks: whose car, its history, what was recommended, the order."""
    visit = visiting.get_visit(session, visit_id)
    customer = get_customer(session, visit.customer_id)
    language, zone = current_language(), current_zone()
    unbooked = visit.walk_in and visit.status is VisitStatus.REQUESTED
    status = HERE_UNBOOKED if unbooked else STATUSES[visit.status]
    found = [Fact(_("Status"), str(status), tone=_tone(visit.status), headline=True)]
    card = url_for("customers.show_customer", customer_id=customer.id)
    found.append(Fact(_("Customer"), customer.name, url=card))
    found += [Fact(_("Phone"), formats.format_phone(each.number), url=f"tel:{each.number}") for each in customer.phones]
    found += [Fact(_("Mail"), each.address, url=f"mailto:{each.address}") for each in customer.emails]
    if visit.car_id is not None:
        found += _car_facts(session, get_car(session, visit.car_id), visit, language)
    known = (
        (_("Appointment"), formats.format_moment(visit.starts_at, language, zone) if visit.starts_at else ""),
        (
            pgettext("car", "Promised"),
            formats.format_moment(visit.promised_at, language, zone) if visit.promised_at else "",
        ),
        (_("Reason of the visit"), ", ".join(str(REASONS[VisitReason(each)]) for each in visit.reasons)),
        (_("Jobs"), ", ".join(job.name_in(language) for job in find_jobs(session, visit.jobs))),
        (_("In the customer’s own words"), visit.customer_words),
    )
    found += [Fact(label, value) for label, value in known if value]
    if visit.estimate is not None:
        found.append(Fact(_("Estimate on the phone"), formats.format_money(visit.estimate, language)))
    if absences.is_unreliable(session, visit.customer_id, now=now()):
        found.append(Fact(_("Appointments"), _("Missed two within a year: prepay or confirm"), tone="warn"))
    if visit.repeat_repair:
        before = visit_number(visit.repeats_id, language) if visit.repeats_id else ""
        said = _("Puts right %(visit)s", visit=before) if before else _("Yes")
        found.append(Fact(_("Repeat repair"), said, tone="warn"))
    order = order_writing.find_order(session, visit.id)
    if order is not None:
        text = f"{order.number_in(language)}, {formats.format_money(order.total, language)}"
        visible = scope_if_any("aftersales.see") is not None
        url = url_for("aftersales_orders.show_order", order_id=order.id) if visible else ""
        found.append(Fact(_("Work order"), text, url=url))
    return found


def visit_values(session: Session, visit_id: int) -> Mapping[str, object]:
    """What a form may put into its fields."""
    visit = visiting.get_visit(session, visit_id)
    car = get_car(session, visit.car_id) if visit.car_id else None
    order = order_writing.find_order(session, visit.id)
    workshop = session.get(Workshop, visit.centre_id)
    rate = workshop.rate if workshop else None
    service = _next_service(session, visit)
    return {
        "car_plate": car.shown_plate if car else "",
        "car_vin": (car.vin or "") if car else "",
        "car_model": (car.model_code or "") if car else "",
        "car_name": "" if car is None or car.model_code else car.description,
        "km": visit.km,
        "reasons": visit.reasons,
        "jobs": visit.jobs,
        "customer_words": visit.customer_words,
        "wait_or_leave": visit.wait_or_leave.value if visit.wait_or_leave else "",
        "repeat_repair": "yes" if visit.repeat_repair else "no",
        "promised_at": visit.promised_at,
        "order_kind": prefilling.propose_kind(visit.reasons).value,
        "rate": rate,
        "labour": prefilling.propose_labour(session, visit, rate=rate, language=current_language()),
        "parts": prefilling.propose_parts(visit),
        "next_service_on": service.on,
        "next_service_km": service.km,
        "balance": order.balance if order else None,
    }


def _words(
    visit: ServiceVisit, car: CustomerCar | None, centre: str, order: WorkOrder | None, language: str
) -> Mapping[str, str]:
    zone = current_zone()
    day, time = visit.starts_at, visit.starts_at
    return {
        "customer": visit.customer.name,
        "model": car.name if car else pgettext("said of a car that nobody has named", "car"),
        "plate": car.shown_plate if car else "",
        "centre": centre,
        "advisor": visit.advisor.name if visit.advisor else "",
        "date": formats.format_day(day, language, zone, "day_month") if day else "",
        "time": formats.format_time(time, zone) if time else "",
        "ready_at": formats.format_moment(visit.promised_at, language, zone) if visit.promised_at else "",
        "sum": formats.format_money(order.payable, language) if order else "",
        "visit_day": formats.format_day(visit.arrived_at, language, zone, "day_month") if visit.arrived_at else "",
    }


def _car_facts(session: Session, car: CustomerCar, visit: ServiceVisit, language: str) -> list[Fact]:
    found = [Fact(_("Car"), car.name)]
    if car.shown_plate:
        found.append(Fact(_("Number plate"), car.shown_plate))
    if car.vin:
        found.append(Fact(_("VIN"), car.vin))
    if car.km is not None:
        found.append(Fact(_("Mileage"), _("%(km)s km", km=formats.format_number(car.km, language, 0))))
    statement = select(func.count(ServiceVisit.id), func.max(ServiceVisit.arrived_at)).where(
        ServiceVisit.car_id == car.id, ServiceVisit.id != visit.id, ServiceVisit.status == VisitStatus.DONE
    )
    count, last = session.execute(statement).one()
    if count and last is not None:
        when = formats.format_day(last, language, current_zone())
        found.append(Fact(_("Earlier visits"), _("%(count)s, the last on %(day)s", count=count, day=when)))
    due = next_service_of(session, car.id)
    if due is not None:
        found.append(Fact(_("Next service"), _say_service(due, language)))
    work = recommending.find_open_work(session, car.id)
    if work:
        found.append(Fact(_("Open recommendations"), "; ".join(each.what for each in work), tone="warn"))
    return found


def _say_service(due: NextService, language: str) -> str:
    """«about 5 Mar 2027 (57 000 km)»."""
    day = formats.format_day(due.on, language, current_zone())
    if due.km is None:
        return str(_("about %(day)s", day=day))
    return str(_("about %(day)s (%(km)s km)", day=day, km=formats.format_number(due.km, language, 0)))


def _next_service(session: Session, visit: ServiceVisit) -> NextService:
    """What the handover proposes: an interval after a service; after other work what stands agreed already."""
    known = next_service_of(session, visit.car_id) if visit.car_id else None
    today = now().astimezone(current_zone()).date()
    if known is not None and known.on > today and VisitReason.MAINTENANCE.value not in visit.reasons:
        return known
    return NextService(months_after(today, INTERVAL_MONTHS), visit.km + INTERVAL_KM if visit.km is not None else None)


def _tone(status: VisitStatus) -> str:
    if status is VisitStatus.WAITING_APPROVAL:
        return "warn"
    return "good" if status in {VisitStatus.READY, VisitStatus.DONE} else "idle"
