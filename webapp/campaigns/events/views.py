"""Pages of events: the list, plan against fact of each, and its guests: on the phone before, at the door on the day."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from marshmallow import fields
from werkzeug import Response

from webapp.campaigns import labels as campaign_labels
from webapp.campaigns import working
from webapp.campaigns.events import cases, guests, labels, money, planning, queries
from webapp.campaigns.events.guests import INTERESTS, Interest, NewGuest
from webapp.campaigns.models import MOST_COMPANIONS, Event, EventStatus, GuestStatus, NextStep
from webapp.core.clock import now
from webapp.core.database import session
from webapp.core.engine_errors import explain
from webapp.core.errors import Conflict, DomainError, NotFound, RuleViolation
from webapp.core.forms import Form, FormSchema, choice, read_day, read_form, read_number, text
from webapp.core.permissions import actor_id, current_scope, may, require, scope_if_any
from webapp.core.requests import is_htmx
from webapp.customers.consent_labels import CHANNELS
from webapp.customers.models import ConsentChannel
from webapp.customers.queries import find_matches
from webapp.inquiries.labels import PURPOSES
from webapp.inquiries.models import Purpose
from webapp.inquiries.queries import find_instances
from webapp.vehicles.queries import list_models

Page = str | Response | tuple[str, int]

bp = Blueprint("events", __name__, url_prefix="/campaigns/events", template_folder="../templates")


class NewGuestSchema(FormSchema):
    name = text(120, required=True)
    phone = text(40, required=True)
    email = text(120)
    companions = fields.Integer(load_default=0)
    agrees_by = fields.List(choice([each.value for each in guests.ADVERTISED_BY]), load_default=list)


class InterestSchema(FormSchema):
    interest = choice([each.value for each in INTERESTS], required=False)
    model_code = text(40)
    next_step = choice([each.value for each in NextStep], required=False)
    note = text(500)


@bp.get("")
@require("campaigns.receive")
def list_events() -> str:
    state = request.args.get("state", "coming")
    state = state if state in queries.STATES else "coming"
    since, until = read_day(request.args.get("from")), read_day(request.args.get("to"))
    found = queries.list_events(
        session(), scope=current_scope("campaigns.receive"), state=state, since=since, until=until
    )
    counts = queries.counts_of(session(), [each.id for each in found]) if found else {}
    money_seen = may("campaigns.see")
    return render_template(
        "campaigns/events/list.html",
        events=found,
        counts=counts,
        facts=queries.facts_of(session(), found, counts) if found and money_seen else {},
        when={each.id: cases.when_of(session(), each) for each in found},
        address_of=cases.address_of,
        state=state,
        since=since,
        until=until,
        labels=labels,
    )


@bp.get("/<int:event_id>")
@require("campaigns.see")
def show_event(event_id: int) -> str:
    return _page(_event(event_id, "campaigns.see"), Form())


@bp.post("/<int:event_id>/call-off")
@require("campaigns.change")
def call_off(event_id: int) -> Page:
    """End it before its time: nothing more is sent."""
    event = _event(event_id, "campaigns.change")
    form = Form(values={"reason": request.form.get("reason", "").strip()})
    if not form.values["reason"]:
        form.refuse("reason", _("Say why, so that colleagues know."))
        return _page(event, form), 422
    planning.call_off(session(), event, form.values["reason"][:2000], actor_id=actor_id(), now=now())
    flash(_("The event is called off. Tell those who had confirmed."), "success")
    return redirect(url_for("events.show_event", event_id=event.id))


@bp.get("/<int:event_id>/guests")
@require("campaigns.receive")
def show_guests(event_id: int) -> str:
    """Who is invited, comes, is here: found by name or phone while somebody types."""
    event = _received(event_id)
    if is_htmx():
        return render_template("campaigns/events/_guests.html", **_list(event))
    return _guests_page(event, Form())


@bp.post("/<int:event_id>/guests")
@require("campaigns.receive")
def add_guest(event_id: int) -> Page:
    """Put a customer of the base, or somebody new, on the list; on the day he is here at once."""
    event = _received(event_id)
    customer_id = read_number(request.form.get("customer_id"))
    if customer_id is not None:
        sight = scope_if_any("customers.see")
        if sight is None or not queries.is_in_sight(session(), customer_id, scope=sight):
            raise NotFound("customer_unknown", f"There is no customer {customer_id}.", customer_id=customer_id)
        guest = guests.add_guest(session(), event, customer_id, actor_id=actor_id(), now=now())
    else:
        form = read_form(NewGuestSchema())
        if not form.ok:
            return _guests_page(event, form), 422
        new = NewGuest(
            name=form.data["name"],
            phone=form.data["phone"],
            email=form.data["email"] or "",
            companions=form.data["companions"],
            agrees_by=tuple(ConsentChannel(each) for each in form.data["agrees_by"]),
        )
        try:
            guest = guests.add_new_guest(session(), event, new, actor_id=actor_id(), now=now())
        except DomainError as error:
            session().rollback()
            form.refuse(_FIELDS.get(error.code, "name"), explain(error))
            return _guests_page(_received(event_id), form), 422
    if _is_on(event):
        customer_id = guest.customer_id
        return _try(event.id, lambda: _receive(event, customer_id, None))
    flash(_("Put on the list."), "success")
    return _back(event.id)


@bp.post("/<int:event_id>/guests/<int:customer_id>/answer")
@require("campaigns.receive")
def answer(event_id: int, customer_id: int) -> Page:
    """He comes, or he does not."""
    event = _received(event_id)
    comes = request.form.get("comes") == "yes"
    companions = _companions()
    return _try(
        event_id,
        lambda: guests.answer(session(), event, customer_id, comes=comes, companions=companions or 0, now=now()),
    )


@bp.post("/<int:event_id>/guests/<int:customer_id>/check-in")
@require("campaigns.receive")
def check_in(event_id: int, customer_id: int) -> Page:
    """He is here; `undo`: he is not."""
    event = _received(event_id)
    if request.form.get("undo"):
        return _try(event_id, lambda: guests.undo_check_in(session(), event, customer_id))
    companions = _companions()
    return _try(event_id, lambda: _receive(event, customer_id, companions))


@bp.get("/<int:event_id>/guests/<int:customer_id>/interest")
@require("campaigns.receive")
def show_interest(event_id: int, customer_id: int) -> str:
    event = _received(event_id)
    guest = guests.get_guest(session(), event, customer_id)
    values = {
        "interest": guest.interest,
        "model_code": guest.model_code,
        "next_step": guest.next_step,
        "note": guest.note,
    }
    return _interest_page(event, customer_id, Form(values=values))


@bp.post("/<int:event_id>/guests/<int:customer_id>/interest")
@require("campaigns.receive")
def note_interest(event_id: int, customer_id: int) -> Page:
    """What he is interested in: the first interest goes to colleagues at once."""
    event = _received(event_id)
    guests.get_guest(session(), event, customer_id)
    form = read_form(InterestSchema())
    known = {model.code for model in list_models(session())}
    if form.ok and form.data["model_code"] and form.data["model_code"] not in known:
        form.refuse("model_code", _("Choose one of the list."))
    if not form.ok:
        return _interest_page(event, customer_id, form), 422
    interest = Interest(
        purpose=Purpose(form.data["interest"]) if form.data["interest"] else None,
        model_code=form.data["model_code"],
        next_step=NextStep(form.data["next_step"]) if form.data["next_step"] else None,
        note=form.data["note"] or "",
    )
    guest = guests.note_interest(session(), event, customer_id, interest, actor_id=actor_id(), now=now())
    flash(_("Noted. Colleagues have the interest.") if guest.inquiry_id else _("Noted."), "success")
    return _back(event.id)


_FIELDS = {"phone_invalid": "phone", "companions_unlikely": "companions", "guest_listed": "phone"}


def _try(event_id: int, act: Callable[[], object]) -> Response:
    """One tap at the door: what is refused is said above the list, which stays as it was narrowed."""
    try:
        act()
    except (Conflict, RuleViolation) as refusal:
        session().rollback()
        flash(explain(refusal), "warning")
    return _back(event_id)


def _receive(event: Event, customer_id: int, companions: int | None) -> None:
    room = guests.check_in(session(), event, customer_id, companions=companions, now=now())
    if not room:
        flash(
            _(
                "There are more guests than places (%(capacity)s). He is received all the same.",
                capacity=event.capacity,
            ),
            "warning",
        )


def _companions() -> int | None:
    """As typed; None: nothing was. What is no number is refused as an unlikely one."""
    typed = request.form.get("companions", "").strip()
    found = read_number(typed)
    return -1 if typed and found is None else found


def _event(event_id: int, permission: str) -> Event:
    event = queries.find_event(session(), event_id, scope=current_scope(permission))
    if event is None:
        raise NotFound("event_unknown", f"There is no event {event_id}.")
    return event


def _received(event_id: int) -> Event:
    event = queries.find_event(session(), event_id, scope=current_scope("campaigns.receive"), receiving=True)
    if event is None:
        raise NotFound("event_unknown", f"There is no event {event_id}.")
    return event


def _is_on(event: Event) -> bool:
    """Whether guests are received now."""
    return event.status.takes_guests and now() >= planning.day_begins(session(), event)


def _back(event_id: int) -> Response:
    """To the guests, with what was looked for."""
    q, show = request.form.get("q") or None, request.form.get("show") or None
    return redirect(url_for("events.show_guests", event_id=event_id, q=q, show=show))


def _page(event: Event, form: Form) -> str:
    counts = queries.counts_of(session(), [event.id])
    sight = scope_if_any("customers.see")
    rows, _number = queries.list_guests(session(), event, scope=sight, limit=50) if sight else ([], 0)
    return render_template(
        "campaigns/events/event.html",
        event=event,
        form=form,
        counts=counts[event.id],
        plan=money.plan_of(event),
        fact=queries.facts_of(session(), [event], counts)[event.id],
        rows=rows,
        work=working.list_work(session(), event),
        case=_case_of(event),
        when=cases.when_of(session(), event),
        labels=labels,
        repeats=campaign_labels.REPEATS,
        may_change=may("campaigns.change"),
        mails={code: str(words) for code, words in campaign_labels.MESSAGE_STATES.items()},
        cancelled=event.status is EventStatus.CANCELLED,
    )


def _list(event: Event) -> dict[str, object]:
    """The list of guests as it is narrowed now, and whom of the base the words may mean besides."""
    sought, show = request.args.get("q", "").strip()[:80], request.args.get("show", "")
    rows, number = queries.list_guests(session(), event, text=sought, status=show, scope=None)
    sight = scope_if_any("customers.see")
    found = find_matches(session(), sought, scope=sight) if sought and sight and event.status.takes_guests else []
    listed = queries.listed_among(session(), event, [each.id for each in found])
    return {
        "event": event,
        "rows": rows,
        "number": number,
        "others": [each for each in found if each.id not in listed],
        "counts": queries.counts_of(session(), [event.id])[event.id],
        "q": sought,
        "show": show if show in set(GuestStatus) else "",
        "is_on": _is_on(event),
        "takes": event.status.takes_guests,
        "labels": labels,
        "purposes": PURPOSES,
        "most": MOST_COMPANIONS,
        "mails": campaign_labels.MESSAGE_STATES,
        "cases": find_instances(
            session(), [row.case_key for row in rows if row.case_key], reach=scope_if_any("cases.see")
        ),
    }


def _guests_page(event: Event, form: Form) -> str:
    return render_template(
        "campaigns/events/guests.html",
        form=form,
        when=cases.when_of(session(), event),
        channels=[(each.value, CHANNELS[each]) for each in guests.ADVERTISED_BY],
        **_list(event),
    )


def _interest_page(event: Event, customer_id: int, form: Form) -> str:
    row = queries.get_guest_row(session(), event, customer_id)
    return render_template(
        "campaigns/events/interest.html",
        event=event,
        row=row,
        form=form,
        interests=[(each.value, PURPOSES[each]) for each in INTERESTS],
        models=[(model.code, model.full_name) for model in list_models(session())],
        steps=list(labels.STEPS.items()),
        closed=event.status.is_over,
    )


def _case_of(event: Event) -> int | None:
    """The number of its case, when the person may look at it."""
    reach = scope_if_any("cases.see")
    return find_instances(session(), [event.business_key], reach=reach).get(event.business_key)
