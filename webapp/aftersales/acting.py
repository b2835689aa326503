"""Booking, not booking and moving a visit by its process: the page gives the answers that the step asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from engine.errors import NotAllowed
from engine.human_tasks.assignment import Actor
from engine.human_tasks.form_values import Reading
from engine.instances.models import InstanceStatus
from engine.instances.saving import new_command_key
from engine.runtime import Engine
from webapp.aftersales import booking, visiting
from webapp.aftersales.models import AWAITED, SUBJECT, ServiceVisit
from webapp.aftersales.queries import find_case, find_open_task, find_open_tasks, zone_of
from webapp.aftersales.slot import Slot
from webapp.core.errors import Conflict, RuleViolation
from webapp.inquiries.models import InquiryChannel, Purpose
from webapp.inquiries.services import InquiryFacts, register_inquiry

BOOKING_STEP = "book_visit"
MOVED_OFFER = "moved"
YES, NO = "yes", "no"


@dataclass(frozen=True)
class Call:
    """Who calls the service: a known customer, or a phone (as typed) with a name."""

    centre_id: int
    customer_id: int | None = None
    phone: str = ""
    name: str = ""
    words: str = ""


@dataclass(frozen=True)
class Hand:
    """Who acts, and how what was typed is read."""

    engine: Engine
    actor: Actor
    reading: Reading

    @property
    def now(self) -> datetime:
        return self.reading.now


def register_call(session: Session, call: Call, hand: Hand) -> ServiceVisit:
    """Register the call as an inquiry about service; whoever takes it up opens visit and case.

    Conflict: visit_already_booked, with `when`; RuleViolation: service_process_missing, and as of `register_inquiry`.
    """
    registered = register_inquiry(
        session,
        InquiryFacts(
            channel=InquiryChannel.CALL,
            purpose=Purpose.SERVICE,
            customer_id=call.customer_id,
            phone="" if call.customer_id else call.phone,
            name="" if call.customer_id else call.name,
            centre_id=call.centre_id,
            comment=call.words,
        ),
        actor_id=hand.actor.user_id,
        now=hand.now,
    )
    visit = _visit_of(session, registered.inquiry.case_key)
    if visit.status in AWAITED and visit.starts_at is not None:
        when = visit.starts_at.astimezone(zone_of(session, visit.centre_id))
        raise Conflict("visit_already_booked", f"Visit {visit.id} is booked.", when=f"{when:%d.%m.%Y %H:%M}")
    return visit


def answer_booking(session: Session, visit: ServiceVisit, answers: Mapping[str, object], hand: Hand) -> None:
    """Complete the step in which a visit is booked, with what its form asks.

    Conflict: visit_not_bookable, visit_not_yours; FormInvalid; and what the step's operation refuses.
    """
    task = find_open_task(session, visit.business_key, BOOKING_STEP)
    if task is None:
        raise Conflict("visit_not_bookable", f"Nobody asks for a time of visit {visit.id}.")
    given = {name: value for name, value in answers.items() if value not in (None, "", [])}
    try:
        hand.engine.complete(
            session,
            task.id,
            given,
            actor=hand.actor,
            reading=hand.reading,
            command_key=new_command_key(),
        )
    except NotAllowed as refusal:
        raise Conflict("visit_not_yours", f"Task {task.id} is for others.") from refusal


def answers_of(
    *,
    outcome: str,
    jobs: Sequence[str],
    reasons: Sequence[str],
    slot: str | None,
    car: Mapping[str, str],
    km: int | None,
    words: str,
    wait_or_leave: str,
    repeat_repair: bool,
    courtesy_car: bool,
    not_booked_reason: str | None = None,
    callback_at: datetime | None = None,
) -> dict[str, object]:
    """The keys of forms/aftersales/book_visit.form. `car`: plate, vin, model, name as far as they are known."""
    if outcome == "callback":
        return {"outcome": outcome, "callback_at": callback_at.isoformat() if callback_at else None, "comment": words}
    if outcome == "not_booked":
        return {"outcome": outcome, "not_booked_reason": not_booked_reason, "comment": words}
    return {
        "outcome": outcome,
        "jobs": list(jobs),
        "reasons": list(reasons),
        "slot": slot,
        "km": str(km) if km is not None else None,
        "customer_words": words,
        "wait_or_leave": wait_or_leave,
        "repeat_repair": YES if repeat_repair else NO,
        "courtesy_car": YES if courtesy_car else NO,
        **{f"car_{name}": value for name, value in car.items()},
    }


def move_visit(session: Session, visit: ServiceVisit, slot: Slot, hand: Hand, *, by_us: bool) -> None:
    """Another time, by the button that the process offers, on whosever step it stands.

    Either way the case is led by the advisor of the new time, and the chronicle of the customer tells of it.
    Conflict and RuleViolation as of `booking.move_booking`.
    """
    case = find_case(session, visit.business_key)
    moved_by = "us" if by_us else "customer"
    mover = Actor(hand.actor.user_id, supervises=frozenset({None}))  # who may move a visit moves its case with it
    if visit.status in AWAITED and case is not None:
        for task in find_open_tasks(session, visit.business_key):
            try:
                hand.engine.take_offer(
                    session,
                    task.id,
                    MOVED_OFFER,
                    {"slot": slot.text, "moved_by": moved_by},
                    actor=mover,
                    reading=hand.reading,
                    command_key=new_command_key(),
                )
            except NotAllowed:
                continue
            return
    booking.move_booking(session, visit, slot, actor_id=hand.actor.user_id, now=hand.now)
    visiting.note_contact(
        session, visit, "moved", moved_by, next_at=visit.starts_at, actor_id=hand.actor.user_id, now=hand.now
    )
    to = visit.advisor_id
    if case is None or case.status is not InstanceStatus.ACTIVE or to is None or to == case.owner_id:
        return
    hand.engine.hand_over(session, case.id, to=to, comment="", actor=mover, now=hand.now)


def _visit_of(session: Session, key: str | None) -> ServiceVisit:
    subject, _, number = (key or "").rpartition(":")
    visit = session.get(ServiceVisit, int(number)) if subject == SUBJECT and number.isdigit() else None
    if visit is None:
        raise RuleViolation("service_process_missing", "No listener has opened a visit.")
    return visit
