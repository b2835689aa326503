"""The one line of a card on the board of the day: what is remarkable about a visit at this moment. Pure rules.

Each column has its own question: does he come, does he wait, will it be done in time, has he answered, does he know.
The sharpest answer is shown; `tone` is bad (somebody waits or a promise is broken), warn (it will be soon) or "".
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from webapp.aftersales.models import VisitStatus, WaitOrLeave

GREETED_WITHIN = timedelta(minutes=5)  # specification §2.3, C05
ANSWERED_WITHIN = timedelta(minutes=20)  # C09: the advisor has called by then
SOON = timedelta(minutes=30)
LONG = timedelta(minutes=15)  # who waits longer is angry


class Step:
    """Ids of steps in processes/aftersales that say more than the status."""

    RECEIVE = "receive_car"
    WORK = "do_work"
    CALL_READY = "call_ready"


class CauseKind(StrEnum):
    LATE = "late"
    LATE_STEP = "late_step"
    REPEAT = "repeat"
    COURTESY = "courtesy"
    PICK_UP = "pick_up"
    LOUNGE = "lounge"
    UNCONFIRMED = "unconfirmed"
    CONFIRMED = "confirmed"
    WAITING = "waiting"
    WALK_IN_STEP = "walk_in_step"
    STEP = "step"
    HERE = "here"
    BROKEN = "broken"
    BEHIND = "behind"
    SOON_DUE = "soon_due"
    ON_TIME = "on_time"
    NO_ANSWER = "no_answer"
    ASKED = "asked"
    UNANSWERED = "unanswered"
    NOT_CALLED = "not_called"
    READY = "ready"


@dataclass(frozen=True)
class StepNow:
    """The open step of the case that presses most: its id in the drawing, its name, since when, until when."""

    element: str
    name: str
    since: datetime
    due: datetime | None

    def is_late(self, now: datetime) -> bool:
        return self.due is not None and self.due < now


@dataclass(frozen=True)
class VisitNow:
    """What is known of a visit; `bay`, `courtesy_car` and `advisor` by their names, empty when there is none."""

    status: VisitStatus
    starts_at: datetime | None
    ends_at: datetime | None
    arrived_at: datetime | None
    promised_at: datetime | None
    stay: WaitOrLeave | None = None
    walk_in: bool = False
    repeat_repair: bool = False
    picked_up: bool = False
    bay: str = ""
    courtesy_car: str = ""
    advisor: str = ""
    step: StepNow | None = None


@dataclass(frozen=True)
class Cause:
    """Which line to show, in which tone; `span` and `name` fill its gaps."""

    kind: CauseKind
    tone: str = ""
    span: timedelta = timedelta(0)
    name: str = ""
    step: str = ""


def cause_of(visit: VisitNow, *, now: datetime) -> Cause:
    """The line of the card. A visit that is over is not on the board; one that is only asked for is, if he is here."""
    match visit.status:
        case VisitStatus.ARRIVED | VisitStatus.REQUESTED:
            return _of_arrived(visit, now)
        case VisitStatus.IN_WORK:
            return _of_work(visit, now)
        case VisitStatus.WAITING_APPROVAL:
            return _of_question(visit, now)
        case VisitStatus.READY:
            return _of_ready(visit, now)
        case _:
            return _of_expected(visit, now)


def _of_expected(visit: VisitNow, now: datetime) -> Cause:
    if visit.starts_at is not None and visit.starts_at < now:
        late = now - visit.starts_at
        if visit.step is not None and visit.step.element != Step.RECEIVE:
            return Cause(CauseKind.LATE_STEP, "bad", late, step=visit.step.name)
        return Cause(CauseKind.LATE, "bad", late)
    if visit.repeat_repair:
        return Cause(CauseKind.REPEAT, "warn")
    if visit.courtesy_car:
        return Cause(CauseKind.COURTESY, name=visit.courtesy_car)
    if visit.picked_up:
        return Cause(CauseKind.PICK_UP)
    if visit.stay is WaitOrLeave.WAIT:
        return Cause(CauseKind.LOUNGE)
    return Cause(CauseKind.CONFIRMED if visit.status is VisitStatus.CONFIRMED else CauseKind.UNCONFIRMED)


def _of_arrived(visit: VisitNow, now: datetime) -> Cause:
    waits = now - visit.arrived_at if visit.arrived_at is not None else timedelta(0)
    forgotten = visit.step.is_late(now) if visit.step is not None else waits > GREETED_WITHIN
    if forgotten:
        return Cause(CauseKind.WAITING, "bad" if waits > LONG else "warn", waits, visit.advisor)
    if visit.step is None:
        return Cause(CauseKind.HERE)
    return Cause(CauseKind.WALK_IN_STEP if visit.walk_in else CauseKind.STEP, step=visit.step.name)


def _of_work(visit: VisitNow, now: datetime) -> Cause:
    if broken := _broken(visit, now):
        return broken
    if visit.ends_at is not None and visit.ends_at < now:
        return Cause(CauseKind.BEHIND, "warn", now - visit.ends_at, visit.bay)
    if visit.promised_at is not None and visit.promised_at - now <= SOON:
        return Cause(CauseKind.SOON_DUE, "warn", visit.promised_at - now)
    if visit.step is not None and visit.step.element != Step.WORK:
        return Cause(CauseKind.STEP, "warn" if visit.step.is_late(now) else "", step=visit.step.name)
    return Cause(CauseKind.ON_TIME, name=visit.bay)


def _of_question(visit: VisitNow, now: datetime) -> Cause:
    if visit.step is None:
        return _broken(visit, now) or Cause(CauseKind.UNANSWERED)
    asked = now - visit.step.since
    if visit.step.is_late(now) or asked >= ANSWERED_WITHIN:
        return Cause(CauseKind.NO_ANSWER, "bad", asked)
    return _broken(visit, now) or Cause(CauseKind.ASKED, span=asked)


def _of_ready(visit: VisitNow, now: datetime) -> Cause:
    if visit.step is None:
        return Cause(CauseKind.READY)
    late = visit.step.is_late(now)
    if visit.step.element == Step.CALL_READY:
        return Cause(CauseKind.NOT_CALLED, "bad" if late else "warn")
    return Cause(CauseKind.STEP, "warn" if late else "", step=visit.step.name)


def _broken(visit: VisitNow, now: datetime) -> Cause | None:
    if visit.promised_at is None or visit.promised_at >= now:
        return None
    return Cause(CauseKind.BROKEN, "bad", now - visit.promised_at)
