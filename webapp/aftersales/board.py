"""The board of the day: who is expected, who is here, what endangers a promise, and how full the bays are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from engine.timers.calendars import calendar_for
from webapp.aftersales import board_queries, capacity
from webapp.aftersales.board_causes import Cause, VisitNow, cause_of
from webapp.aftersales.board_queries import CaseNow, day_of
from webapp.aftersales.board_work import Work, work_of
from webapp.aftersales.models import AWAITED, ServiceVisit, VisitStatus, WorkOrder
from webapp.aftersales.plan import Day, Plan, read_plan
from webapp.aftersales.workshop import CALENDAR
from webapp.core.permissions import RowScope
from webapp.vehicles.models import CustomerCar

MOST_CARDS = 8  # of a column, until the rest is asked for
QUARTER_HOURS = Decimal(1) / capacity.QUARTERS_PER_HOUR

# the columns in their order, and the statuses of the visits in each
COLUMNS: Mapping[str, frozenset[VisitStatus]] = {
    "expected": AWAITED,
    "arrived": frozenset({VisitStatus.ARRIVED, VisitStatus.REQUESTED}),  # asked for and here: nobody has received him
    "in_work": frozenset({VisitStatus.IN_WORK}),
    "approval": frozenset({VisitStatus.WAITING_APPROVAL}),
    "ready": frozenset({VisitStatus.READY}),
}


@dataclass(frozen=True)
class Card:
    """One visit as the board shows it. `at`: when he comes, or when the car was promised; None: nobody has said.

    `instance_id` is set when the page of the case opens for who looks.
    """

    visit_id: int
    at: datetime | None
    customer: str
    car: str
    work: Work
    cause: Cause
    instance_id: int | None
    mine: bool


@dataclass(frozen=True)
class Column:
    """The cards of a column that are shown, how many there are, and with which time the rest goes on."""

    name: str
    cards: Sequence[Card]
    count: int
    rest_from: datetime | None

    @property
    def hidden(self) -> int:
        return self.count - len(self.cards)


@dataclass(frozen=True)
class BayLoad:
    """A bay on this day: the share of its working time that is taken (per cent), and the hours free from now on."""

    name: str
    percent: int
    free: Decimal


@dataclass(frozen=True)
class Board:
    """Everything the page shows. `free` norm hours are left for visits without booking; no `bays`: it is closed.

    `is_over`: the workshop has closed for today.
    """

    columns: Sequence[Column]
    bays: Sequence[BayLoad]
    visits: int  # with those that are done already
    to_come: int
    late: int
    percent: int
    free: Decimal
    mine: int
    on_board: int
    is_over: bool


@dataclass(frozen=True)
class Look:
    """How somebody looks at a board: whose visits, in which language, which columns to the end."""

    person_ids: frozenset[int]
    language: str
    only_mine: bool = False
    opened: frozenset[str] = frozenset()


def read_board(
    session: Session, centre_id: int, look: Look, *, scope: RowScope, reach: RowScope | None, now: datetime
) -> Board:
    """The board of a centre today. `scope`: over visits, `reach`: over cases.

    RuleViolation: workshop_missing.
    """
    here = now.astimezone(ZoneInfo(calendar_for(session, CALENDAR, centre_id).zone))
    plan = read_plan(session, centre_id, here.date(), 1, now=now)
    since, until = day_of(here)
    visits = board_queries.find_visits(session, centre_id, since=since, until=until, scope=scope)
    open_visits = [visit for visit in visits if visit.status is not VisitStatus.DONE]
    mine = [visit for visit in open_visits if visit.advisor_id in look.person_ids]
    shown = mine if look.only_mine else open_visits
    cars = board_queries.find_cars(session, shown)
    jobs = board_queries.find_job_names(session, shown, look.language)
    orders = board_queries.find_orders(session, shown)
    cases = board_queries.find_cases(session, shown, reach=reach)
    columns = []
    for name, statuses in COLUMNS.items():
        cards = [
            _card(visit, cars.get(visit.car_id or 0), jobs, orders.get(visit.id), cases.get(visit.id), look, now)
            for visit in shown
            if visit.status in statuses
        ]
        columns.append(_column(name, sorted(cards, key=_by_time), whole=name in look.opened))
    return _count(plan, columns, shown, visits, mine, open_visits, look, now)


def _count(
    plan: Plan,
    columns: Sequence[Column],
    shown: Sequence[ServiceVisit],
    visits: Sequence[ServiceVisit],
    mine: Sequence[ServiceVisit],
    open_visits: Sequence[ServiceVisit],
    look: Look,
    now: datetime,
) -> Board:
    bays = _loads(plan, look.language, now)
    taken, whole = _quarters(plan)
    day = plan.day_of(now)
    left = plan.whole_hours - day.promised if day is not None else Decimal(0)
    room = sum((bay.free for bay in bays), Decimal(0))
    awaited = [visit for visit in shown if visit.status in AWAITED]
    counted = [visit for visit in visits if not look.only_mine or visit.advisor_id in look.person_ids]
    return Board(
        columns=columns,
        bays=bays,
        visits=len(counted),
        to_come=len(awaited),
        late=sum(visit.starts_at is not None and visit.starts_at < now for visit in awaited),
        percent=100 * taken // whole if whole else 0,
        free=max(min(left, room), Decimal(0)),
        mine=len(mine),
        on_board=len(open_visits),
        is_over=day is not None and not _coming(day, now),
    )


def _column(name: str, cards: Sequence[Card], *, whole: bool) -> Column:
    shown = cards if whole or len(cards) <= MOST_CARDS + 1 else cards[:MOST_CARDS]
    rest = cards[len(shown)].at if len(shown) < len(cards) else None
    return Column(name, shown, len(cards), rest)


def _by_time(card: Card) -> tuple[bool, datetime | None, int]:
    return card.at is None, card.at, card.visit_id


def _card(
    visit: ServiceVisit,
    car: CustomerCar | None,
    jobs: Mapping[str, str],
    order: WorkOrder | None,
    case: CaseNow | None,
    look: Look,
    now: datetime,
) -> Card:
    known = VisitNow(
        status=visit.status,
        starts_at=visit.starts_at,
        ends_at=visit.ends_at,
        arrived_at=visit.arrived_at or (visit.opened_at if visit.walk_in else None),
        promised_at=visit.promised_at,
        stay=visit.wait_or_leave,
        walk_in=visit.walk_in,
        repeat_repair=visit.repeat_repair,
        picked_up=bool(visit.pick_up_address),
        bay=visit.bay.name_in(look.language) if visit.bay else "",
        courtesy_car=visit.courtesy_car.name_in(look.language) if visit.courtesy_car else "",
        advisor=short_name(visit.advisor.name) if visit.advisor else "",
        step=case.step if case else None,
    )
    coming = visit.status in COLUMNS["expected"] | COLUMNS["arrived"]
    return Card(
        visit_id=visit.id,
        at=(visit.starts_at or visit.arrived_at or visit.opened_at) if coming else (visit.promised_at or visit.ends_at),
        customer=visit.customer.name,
        car=", ".join(filter(None, (car.name, car.shown_plate))) if car else "",
        work=work_of(visit, jobs, order),
        cause=cause_of(known, now=now),
        instance_id=case.instance_id if case and case.in_reach else None,
        mine=visit.advisor_id in look.person_ids,
    )


def short_name(name: str) -> str:
    """«V. Nosov» of «Vadim Nosov»."""
    first, _, last = name.partition(" ")
    return f"{first[:1]}. {last}" if last else first


def _loads(plan: Plan, language: str, now: datetime) -> list[BayLoad]:
    day = plan.day_of(now)
    quarters = day.quarters if day is not None else []
    coming = _coming(day, now) if day is not None else []
    return [
        BayLoad(
            bay.name_in(language),
            100 * sum((bay.id, quarter) in plan.taken for quarter in quarters) // len(quarters),
            QUARTER_HOURS * sum((bay.id, quarter) not in plan.taken for quarter in coming),
        )
        for bay in plan.bays
        if quarters
    ]


def _coming(day: Day, now: datetime) -> list[datetime]:
    """The quarters of the day that are not over yet."""
    return [quarter for quarter in day.quarters if quarter + capacity.QUARTER > now]


def _quarters(plan: Plan) -> tuple[int, int]:
    """How many quarters of all bays are taken today, of how many."""
    quarters = [quarter for day in plan.days.values() for quarter in day.quarters]
    taken = sum((bay.id, quarter) in plan.taken for bay in plan.bays for quarter in quarters)
    return taken, len(plan.bays) * len(quarters)
