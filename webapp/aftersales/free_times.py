"""When: the free times that the form of a booking proposes, one of them held, and what the work takes and costs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from webapp.aftersales import booking
from webapp.aftersales.capacity import QUARTER, bay_quarters, quarter_of
from webapp.aftersales.estimating import Estimate, estimate_of
from webapp.aftersales.models import AWAITED, ServiceResource, ServiceVisit, SlotHold, WaitOrLeave
from webapp.aftersales.needs import Needs, list_jobs, needs_of
from webapp.aftersales.plan import Besides, read_plan
from webapp.aftersales.pointing import Place, slot_at
from webapp.aftersales.queries import say_place, say_short, say_when, zone_of
from webapp.aftersales.slot import Slot, read_slot
from webapp.aftersales.slots import SPAN_DAYS, find_free_slots
from webapp.aftersales.taking import free_courtesy_car
from webapp.core.clock import now
from webapp.core.database import session
from webapp.core.engine_errors import explain
from webapp.core.errors import DomainError, RuleViolation
from webapp.core.formats import format_duration, format_money, format_number
from webapp.core.forms import EARLIEST, LATEST, Form, read_day, read_number
from webapp.core.i18n import current_language
from webapp.core.permissions import actor_id

PROPOSED = 3


@dataclass(frozen=True)
class Proposal:
    """One free time as the form shows it."""

    slot: Slot
    day: str
    place: str
    chosen: bool


@dataclass(frozen=True)
class Times:
    """The part of the form that says when: what the work takes, the times, the one that is held until when."""

    needs: Needs | None
    work: str
    proposals: Sequence[Proposal]
    hold: SlotHold | None
    refusal: str
    courtesy: str
    act: str  # «27 Nov 10:30», for the button
    estimate: str = ""

    @property
    def is_asked(self) -> bool:
        return self.needs is not None


NO_TIMES = Times(None, "", (), None, "", "", "")


def propose_times(form: Form, *, centre_id: int, visit: ServiceVisit | None = None) -> Times:
    """Free times for the work of the form, or of a visit that has one; the chosen one, else the first, is held.

    Chosen is the place in the calendar that was pointed at, else one of the times, unless it lies before the day from
    which times are asked for. What cannot be had, or not any more, is said in `refusal`, and the next is held.
    """
    moves = visit is not None and visit.status in AWAITED
    needs = _needs(form, visit)
    if needs is None:
        return replace(NO_TIMES, refusal=str(_("Choose the work first.")) if form.values.get("at") else "")
    stay = visit.wait_or_leave if visit is not None and moves else form.values.get("wait_or_leave")
    waits, besides = stay == WaitOrLeave.WAIT, visit if moves else None
    zone, hold, refusal, wanted = zone_of(session(), centre_id), None, "", None
    since = _since(form, zone)
    keep = partial(
        booking.hold_slot, session(), user_id=actor_id(), now=now(), needs=needs, waits=waits, besides=besides
    )
    try:
        if place := _pointed(form, centre_id, zone):
            free = Besides(besides.id if besides else None, _own_hold())
            wanted = slot_at(session(), place, needs, waits=waits, besides=free, now=now())
        else:
            wanted = _chosen(form, needs, centre_id, since=since)
        hold = keep(wanted) if wanted else None
    except DomainError as refused:
        refusal, wanted = explain(refused), None
    own = Besides(besides.id if besides else None, hold.id if hold else None)
    slots = list(
        find_free_slots(
            session(),
            centre_id=centre_id,
            bay_type=needs.bay_type,
            hours=needs.hours,
            since=since,
            limit=PROPOSED,
            now=now(),
            express=needs.express,
            waits=waits,
            apart=True,
            besides=own,
        )
    )
    if wanted is None and slots:
        wanted = slots[0]
        hold = keep(wanted)
    if wanted is not None and all(each.starts_at != wanted.starts_at for each in slots):
        slots = [wanted, *slots[: PROPOSED - 1]]
    slots = [wanted if wanted and each.starts_at == wanted.starts_at else each for each in slots]
    return Times(
        needs,
        say_work(needs),
        [_proposal(each, wanted, zone) for each in sorted(slots, key=lambda each: each.starts_at)],
        hold,
        refusal,
        say_courtesy(wanted, centre_id, zone) if wanted else "",
        say_short(wanted, zone, current_language()) if wanted else "",
        say_estimate(estimate_of(session(), centre_id, _codes(form, visit))),
    )


def _needs(form: Form, visit: ServiceVisit | None) -> Needs | None:
    """By the work of the form; without one by that of the visit."""
    jobs = _codes(form, None)
    if not jobs and visit is not None:
        known = needs_of(session(), visit.jobs)
        return replace(known, hours=visit.hours or known.hours)
    return needs_of(session(), jobs) if jobs else None


def _codes(form: Form, visit: ServiceVisit | None) -> list[str]:
    jobs = [str(code) for code in form.values.get("jobs") or () if code] if "jobs" not in form.errors else []
    return jobs or list(visit.jobs if visit is not None else ())


def _pointed(form: Form, centre_id: int, zone: ZoneInfo) -> Place | None:
    """The place of the calendar that was pointed at: `at` by the clocks of the centre, `line` is the resource."""
    try:
        at = datetime.fromisoformat(str(form.values.get("at") or ""))
    except ValueError:
        return None
    number = read_number(form.values.get("line"))
    line = session().get(ServiceResource, number) if number else None
    if line is None or line.centre_id != centre_id or at.tzinfo is not None or not EARLIEST < at.date() < LATEST:
        return None
    return Place(line, quarter_of(at.replace(tzinfo=zone)))


def _own_hold() -> int | None:
    """What the person keeps already does not stand in his way."""
    held = select(SlotHold.id).where(SlotHold.held_by == actor_id(), SlotHold.expires_at > now())
    return session().scalar(held.limit(1))


def _chosen(form: Form, needs: Needs, centre_id: int, *, since: datetime) -> Slot | None:
    """The slot that was chosen, in this centre and not before `since`."""
    try:
        slot = read_slot(str(form.values.get("slot") or ""), hours=needs.hours, express=needs.express)
    except RuleViolation:
        return None
    bay = session().get(ServiceResource, slot.bay_id)
    return slot if bay is not None and bay.centre_id == centre_id and slot.starts_at >= since else None


def _since(form: Form, zone: ZoneInfo) -> datetime:
    """From when times are proposed: the day that was asked for, else the one that the calendar shows, if it comes."""
    asked = read_day(str(form.values.get("since") or "")) or read_day(str(form.values.get("day") or ""))
    return max(datetime.combine(asked, datetime.min.time(), zone), now()) if asked else now()


def say_work(needs: Needs) -> str:
    """«1.6 norm hours, 2 h in a bay»."""
    language = current_language()
    span = format_duration(bay_quarters(needs.hours) * QUARTER, language)
    hours = format_number(needs.hours.normalize(), language)
    if needs.hours == needs.hours.to_integral_value():
        return str(
            ngettext(
                "%(hours)s norm hour, %(span)s in the bay",
                "%(hours)s norm hours, %(span)s in the bay",
                int(needs.hours),
                hours=hours,
                span=span,
            )
        )
    return str(_("%(hours)s norm hours, %(span)s in the bay", hours=hours, span=span))


def say_estimate(found: Estimate | None) -> str:
    """«About 6,480 ₽ with parts»; empty when nobody has set a price."""
    if found is None:
        return ""
    if not found.total and found.complete:
        return str(_("Free of charge for the customer"))
    language = current_language()
    total = format_money(found.total, language)
    if found.complete:
        return str(_("About %(sum)s with parts", sum=total) if found.parts else _("About %(sum)s", sum=total))
    if not found.parts:
        return str(_("About %(sum)s for the work, parts not included", sum=total))
    return str(_("About %(sum)s, some parts not included", sum=total))


def say_courtesy(slot: Slot, centre_id: int, zone: ZoneInfo) -> str:
    """The courtesy car that is free for the whole time; empty when none is."""
    day = slot.starts_at.astimezone(zone).date()
    plan = read_plan(session(), centre_id, day, SPAN_DAYS, now=now())
    car = free_courtesy_car(plan, slot)
    return car.name_in(current_language()) if car else ""


def _proposal(slot: Slot, chosen: Slot | None, zone: ZoneInfo) -> Proposal:
    when, place = say_when(slot, zone, current_language()), say_place(session(), slot, current_language())
    return Proposal(slot, when, place, chosen is not None and chosen.starts_at == slot.starts_at)


def job_choices() -> list[tuple[str, str]]:
    """The work on offer, with its norm hours."""
    language = current_language()
    return [
        (job.code, f"{job.name_in(language)} · {format_number(job.hours.normalize(), language)}")
        for job in list_jobs(session())
    ]
