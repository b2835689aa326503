"""The booking page: the calendar of a workshop beside the form of a new booking, or of one that is moved."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.errors import BusinessError
from engine.human_tasks.form_values import FormInvalid
from webapp.aftersales import acting, agenda, booking, calendar, desk, free_times, queries
from webapp.aftersales.acting import Call, Hand
from webapp.aftersales.booking_gaps import BOOK, look_for_gaps
from webapp.aftersales.booking_labels import KINDS, LOADS, NOT_BOOKED_REASONS, STAYS
from webapp.aftersales.models import AWAITED, ResourceKind, ServiceResource, ServiceVisit, VisitStatus
from webapp.aftersales.moving import target_of
from webapp.aftersales.needs import needs_of
from webapp.aftersales.plan import read_plan
from webapp.aftersales.schemas import BookingForm, MoveForm
from webapp.aftersales.workshop import find_resources
from webapp.core.clock import now
from webapp.core.database import session
from webapp.core.engine_errors import explain, status_of
from webapp.core.forms import Form, number, read_day, read_form, read_number
from webapp.core.i18n import current_language
from webapp.core.page import return_to
from webapp.core.permissions import actor_id, current_scope, may, require, scope_if_any
from webapp.core.requests import local_path, wants_json
from webapp.core.workflow import current_actor, engine, reading
from webapp.kit.phones import is_phone
from webapp.staff.models import Centre

bp = Blueprint("booking", __name__, template_folder="templates")

WEEK, DAY = "week", "day"
LONGEST_PERIOD = timedelta(days=10)
FIELD_OF = {
    "name_missing": "name",
    "name_too_long": "name",
    "phone_invalid": "q",
    "phone_taken": "q",
    "car_missing": "car_plate",
    "car_unnamed": "car_name",
    "plate_invalid": "car_plate",
    "vin_invalid": "car_plate",
    "visit_already_booked": "q",
    "job_unknown": "jobs",
}


@bp.get("/service/booking")
@require("aftersales.see")
def show_booking() -> str:
    """The day or the week of a centre; `visit`: one that is booked or moved; `day`, `centre`, `view`."""
    visit = _visit(request.args.get("visit", type=number), "aftersales.see")
    values = {"q": request.args.get("q", ""), "wait_or_leave": "leave"}
    return _page(Form(values=values), visit)


@bp.get("/service/booking/events")
@require("aftersales.see")
def list_events() -> Response:
    """The bars of a period as the clocks of the centre show them; the grid knows no zones."""
    centre = _centre(request.args.get("centre", type=number), "aftersales.see")
    if centre is None:
        abort(404)
    zone = queries.zone_of(session(), centre.id)
    since, until = _asked("start", zone), _asked("end", zone)
    if since is None or until is None or not timedelta(0) < until - since <= LONGEST_PERIOD:
        abort(400)
    bars = calendar.list_bars(session(), centre.id, since, until, language=current_language(), now=now())
    return jsonify(
        [
            {
                "id": str(place),
                "resource": str(bar.resource_id),
                "start": bar.starts_at.astimezone(zone).strftime("%Y-%m-%dT%H:%M:%S"),
                "end": bar.ends_at.astimezone(zone).strftime("%Y-%m-%dT%H:%M:%S"),
                "title": bar.title,
                "hint": ", ".join(filter(None, (bar.who, bar.plate, bar.what)))
                if bar.visit_id
                else _("%(name)s keeps this time", name=bar.holder),
                "tone": bar.tone,
                "visit": bar.visit_id,
                "movable": bar.movable and may("aftersales.book"),
                "url": url_for("booking.show_booking", visit=bar.visit_id) if bar.visit_id else "",
            }
            for place, bar in enumerate(bars)
        ]
    )


@bp.get("/service/booking/callers")
@require("aftersales.book")
def show_callers() -> str:
    """While somebody types: who may be calling and with which car; `choose` is one of them as "customer-car"."""
    values: dict[str, object] = dict(request.args.to_dict())
    chosen = request.args.get("choose", "")
    if chosen:
        values["customer_id"], _dash, values["car_id"] = chosen.partition("-")
    else:
        values["customer_id"] = values["car_id"] = ""
    return render_template("aftersales/_caller.html", found=desk.find_caller(values), may_know=desk.may_know)


@bp.post("/service/booking/times")
@require("aftersales.book")
def propose_times() -> ResponseReturnValue:
    """Free times for the work; the chosen one, else the first, is held while the customer is on the phone."""
    form = _read_booking()
    centre = _centre(read_number(form.values.get("centre")), "aftersales.book")
    if centre is None:
        abort(404)
    visit = _visit(request.args.get("visit", type=number), "aftersales.book")
    times = free_times.propose_times(form, centre_id=centre.id, visit=visit)
    return render_template("aftersales/_times.html", times=times, form=form, moves=_moves(visit), moment=now())


@bp.post("/service/booking/holds/<int:hold_id>/prolong")
@require("aftersales.book")
def prolong_hold(hold_id: int) -> ResponseReturnValue:
    """The page is still open: five minutes more."""
    hold = booking.prolong_hold(session(), hold_id, user_id=actor_id(), now=now())
    return jsonify(seconds=int((hold.expires_at - now()).total_seconds()))


@bp.post("/service/booking/holds/<int:hold_id>/release")
@require("aftersales.book")
def release_hold(hold_id: int) -> ResponseReturnValue:
    """The page is left: the time is free again."""
    booking.release_hold(session(), hold_id, user_id=actor_id())
    return "", 204


@bp.post("/service/booking")
@require("aftersales.book")
def save_booking() -> ResponseReturnValue:
    """Register the call and answer the step of its case, in one transaction; what was typed is never lost."""
    form = _read_booking()
    visit = _visit(request.args.get("visit", type=number), "aftersales.book")
    centre = _centre(visit.centre_id if visit else read_number(form.values.get("centre")), "aftersales.book")
    if centre is None:
        abort(404)
    look_for_gaps(form, known=visit is not None, zone=queries.zone_of(session(), centre.id), now=now())
    _look_at_owner(form, visit)
    if form.ok:
        try:
            booked = _save(form, centre, visit)
        except FormInvalid as refusal:
            for name in refusal.errors:
                form.refuse(name if name in form.values else "slot", _("Please fill this in."))
        except BusinessError as refusal:
            form.refuse(FIELD_OF.get(refusal.code, "slot"), explain(refusal))
        else:
            flash(_saved(booked, _("Booked: %(slot)s.")), "success")
            day = (
                booked.starts_at.astimezone(queries.zone_of(session(), centre.id)).date() if booked.starts_at else None
            )
            return redirect(url_for("booking.show_booking", centre=centre.id, day=day))
    session().rollback()
    return _page(form, visit), 422


@bp.post("/service/booking/<int:visit_id>/move")
@require("aftersales.book")
def move_booking(visit_id: int) -> ResponseReturnValue:
    """Another time for a visit: dragged (JSON), or chosen in the form."""
    visit = queries.get_visit(session(), visit_id, current_scope("aftersales.book"))
    form = read_form(MoveForm())
    try:
        slot = target_of(session(), visit, form, zone=queries.zone_of(session(), visit.centre_id))
        acting.move_visit(session(), visit, slot, _hand(), by_us=form.data.get("by_us", False))
    except BusinessError as refusal:
        session().rollback()
        if wants_json():
            return jsonify(code=refusal.code, message=explain(refusal)), status_of(refusal)
        form.refuse("slot", explain(refusal))
        return _page(form, _visit(visit_id, "aftersales.book")), 422
    if wants_json():
        return jsonify(message=_saved(visit, _("Moved: %(slot)s.")))
    flash(_saved(visit, _("Moved: %(slot)s.")), "success")
    return redirect(local_path(request.form.get("back"), url_for("booking.show_booking", visit=visit.id)))


def _read_booking() -> Form:
    """What was typed; an empty line of work is none, and the one input on top may hold the phone."""
    form = read_form(BookingForm())
    if not form.data.get("phone") and is_phone(form.data.get("q") or ""):
        form.data["phone"] = form.data["q"]
    form.data["jobs"] = [code for code in form.data.get("jobs", ()) if code]
    return form


def _look_at_owner(form: Form, visit: ServiceVisit | None) -> None:
    """A car of another customer may have a new owner, but nobody takes it over by a slip of the keyboard."""
    data = form.data
    if data.get("act") not in BOOK or data.get("car_id") or data.get("new_owner"):
        return
    rival = desk.find_rival(data.get("car_plate") or "", visit.customer_id if visit else data.get("customer_id"))
    if rival is not None:
        form.refuse("car_plate", desk.say_rival(rival))


def _save(form: Form, centre: Centre, visit: ServiceVisit | None) -> ServiceVisit:
    data, hand = form.data, _hand()
    if visit is None:
        if data["customer_id"]:
            desk.require_reach(data["customer_id"], data["q"] or "")
        call = Call(
            centre.id, data["customer_id"], data["phone"] or "", data["name"] or "", data["customer_words"] or ""
        )
        visit = acting.register_call(session(), call, hand)
    if data["new_owner"] and not data["car_id"] and data["act"] in BOOK:
        desk.pass_car_on(data["car_plate"] or "", visit, zone=queries.zone_of(session(), centre.id))
    needs = needs_of(session(), data["jobs"]) if data["jobs"] else None
    answers = acting.answers_of(
        outcome="booked" if data["act"] in BOOK else data["act"],
        jobs=data["jobs"],
        reasons=needs.reasons if needs else (),
        slot=data["slot"],
        car=desk.car_answers(data),
        km=data["km"],
        words=data["customer_words"] or "",
        wait_or_leave=data["wait_or_leave"] or "leave",
        repeat_repair=data["repeat_repair"],
        courtesy_car=data["courtesy_car"],
        not_booked_reason=data["not_booked_reason"],
        callback_at=data["callback_at"].replace(tzinfo=queries.zone_of(session(), centre.id))
        if data["callback_at"]
        else None,
    )
    acting.answer_booking(session(), visit, answers, hand)
    return visit


def _page(form: Form, visit: ServiceVisit | None) -> str:
    asked = visit.centre_id if visit else request.values.get("centre", type=number)
    centres = queries.find_workshops(session(), current_scope("aftersales.see"))
    centre = next((each for each in centres if each.id == asked), centres[0] if centres else None)
    if centre is None:
        return render_template("aftersales/no_workshop.html")
    zone = queries.zone_of(session(), centre.id)
    today = now().astimezone(zone).date()
    starts_at = visit.starts_at.astimezone(zone).date() if visit and visit.starts_at else None
    day = read_day(request.values.get("day")) or (starts_at if starts_at and starts_at >= today else today)
    view = WEEK if request.args.get("view") == WEEK else DAY
    first = day - timedelta(days=day.weekday()) if view == WEEK else day
    plan = read_plan(session(), centre.id, day, 1, now=now())
    loads = calendar.list_loads(plan, day, {key: str(name) for key, name in LOADS.items()})
    moves = _moves(visit)
    may_book = may("aftersales.book") and centre.id in {
        each.id for each in queries.find_workshops(session(), current_scope("aftersales.book"))
    }
    until = first + timedelta(days=7 if view == WEEK else 1)
    since, end = calendar.day_bounds(first, (until - first).days, zone)
    bars = calendar.list_bars(session(), centre.id, since, end, language=current_language(), now=now())
    resources = find_resources(session(), centre.id)
    found = desk.find_caller(form.values)
    found.form.errors.update(form.errors)
    return_to(request.full_path.rstrip("?"))
    return render_template(
        "aftersales/booking.html",
        form=form,
        found=found,
        times=free_times.NO_TIMES,
        visit=visit,
        moves=moves,
        may_book=may_book and (visit is None or moves or visit.status is VisitStatus.REQUESTED),
        centre=centre,
        centres=centres,
        day=day,
        today=today,
        view=view,
        begins=day if view == DAY else max(first, today) if today < until else first,
        first=first,
        last=until - timedelta(days=1),
        earlier=day - timedelta(days=7 if view == WEEK else 1),
        later=day + timedelta(days=7 if view == WEEK else 1),
        loads=loads,
        overbooked=plan.hours.overbooked_on(day),
        hours=_hours(plan.days[day].quarters, zone),
        resources=resources,
        lines=_lines(resources),
        agenda=agenda.agenda_of(bars, resources, zone),
        jobs=free_times.job_choices(),
        stays=[(each.value, title) for each, title in STAYS.items()],
        reasons=[(each.value, title) for each, title in NOT_BOOKED_REASONS.items()],
        case=queries.find_case_in_sight(session(), visit.business_key, scope_if_any("cases.see")) if visit else None,
        may_know=desk.may_know,
        places=agenda.places_of(visit, resources, zone) if moves and visit else None,
        moment=now(),
    )


def _moves(visit: ServiceVisit | None) -> bool:
    return visit is not None and visit.status in AWAITED


def _lines(resources: Sequence[ServiceResource]) -> list[dict[str, str]]:
    """The rows of the grid."""
    language = current_language()
    return [
        {"id": str(each.id), "title": each.label_in(language), "kind": str(KINDS[each.kind])}
        for each in calendar.rows_of(resources, list(ResourceKind))
    ]


def _hours(quarters: Sequence[datetime], zone: ZoneInfo) -> tuple[str, str]:
    """From when to when the grid goes; eight to eight on a closed day."""
    if not quarters:
        return "08:00", "20:00"
    return f"{quarters[0].astimezone(zone):%H}:00", f"{(quarters[-1].astimezone(zone).hour + 1):02d}:00"


def _saved(visit: ServiceVisit, sentence: str) -> str:
    slot = booking.slot_of(session(), visit) if visit.status in AWAITED else None
    if slot is None:
        return str(_("Saved."))
    said = queries.say_slot(session(), slot, queries.zone_of(session(), visit.centre_id), current_language())
    return sentence % {"slot": said}


def _visit(visit_id: int | None, permission: str) -> ServiceVisit | None:
    return queries.get_visit(session(), visit_id, current_scope(permission)) if visit_id else None


def _centre(centre_id: int | None, permission: str) -> Centre | None:
    centres = queries.find_workshops(session(), current_scope(permission))
    return next((each for each in centres if each.id == centre_id), None)


def _hand() -> Hand:
    return Hand(engine(), current_actor(), reading())


def _asked(name: str, zone: ZoneInfo) -> datetime | None:
    try:
        moment = datetime.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    if not date(2000, 1, 1) <= moment.date() <= date(2199, 12, 31):
        return None
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment
