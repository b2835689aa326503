"""A random customer base: people as plain facts, the rows that say the same, and the rules asked of them in Python."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.webapp.staff.factories import NOW
from webapp.aftersales.models import OrderKind, OrderState, ServiceVisit, WorkOrder
from webapp.campaigns.lifecycle import Lifecycle, LifecycleFacts, lifecycle_of
from webapp.campaigns.rules.fields import CAR_FIELDS, FIELDS, Kind, Operator
from webapp.campaigns.rules.tree import Criterion, Group, Join, Node, Not
from webapp.customers.models import (
    Consent,
    ConsentKind,
    ConsentWay,
    Customer,
    CustomerKind,
    Direction,
    Interaction,
    InteractionChannel,
    LostReason,
    Sex,
)
from webapp.customers.tags import CustomerTag
from webapp.inquiries.models import (
    Department,
    Inquiry,
    InquiryChannel,
    InquiryResult,
    InterestType,
    Purpose,
)
from webapp.sales.models import Sale, Visit, Worksheet
from webapp.vehicles.models import SERVICE_MONTHS, CustomerCar

TODAY = NOW.date()
SOURCES = ("radio", "maps", "recommendation")
BRANDS = ("aurelia", "nordis")
MODELS = ("aurelia_s4", "aurelia_city")
TAGS = ("vip", "club", "tyres")
CHANNELS = ("email", "sms")


@dataclass
class Car:
    brand: str | None
    model: str | None
    year: int | None
    bought_here: bool
    service_months: int | None = None


@dataclass
class Person:
    """What is known of one customer; days are counted back from NOW."""

    kind: CustomerKind
    sex: Sex
    birth_date: date | None
    centre: int | None  # 0 or 1: of the two centres
    cars: list[Car] = field(default_factory=list)
    sales: list[tuple[int, Decimal]] = field(default_factory=list)  # days ago, price
    work: list[tuple[int, OrderKind, Decimal]] = field(default_factory=list)  # days ago, kind, total of closed orders
    lost: LostReason | None = None
    visits: list[int] = field(default_factory=list)
    contacts: list[int] = field(default_factory=list)
    inquiries: list[tuple[int, str]] = field(default_factory=list)  # days ago, source
    refused: bool = False
    consents: list[tuple[str, bool]] = field(default_factory=list)  # channel, withdrawn
    tags: list[str] = field(default_factory=list)


def before(days: int) -> datetime:
    """So many days before NOW, and an hour, so that the ends of a day are out of the way."""
    return NOW - timedelta(days=days, hours=1)


_days = st.integers(0, 900)
_cars = st.builds(
    Car, st.none() | st.sampled_from(BRANDS), st.none() | st.sampled_from(MODELS), st.none() | st.integers(2012, 2026),
    st.booleans(), st.none() | st.sampled_from(SERVICE_MONTHS),
)  # fmt: skip
PEOPLE = st.builds(
    Person,
    kind=st.sampled_from(CustomerKind),
    sex=st.sampled_from(Sex),
    birth_date=st.none() | st.dates(date(1930, 1, 1), date(2008, 1, 1)) | st.sampled_from([date(1996, 3, 2), date(1996, 2, 29), date(1995, 3, 3)]),  # noqa: E501
    centre=st.none() | st.integers(0, 1),
    cars=st.lists(_cars, max_size=2),
    sales=st.lists(st.tuples(_days, st.integers(0, 4).map(lambda n: Decimal(n * 1_000_000))), max_size=2),
    work=st.lists(
        st.tuples(_days, st.sampled_from(OrderKind), st.integers(0, 3).map(lambda n: Decimal(n * 10_000))), max_size=4
    ),
    lost=st.none() | st.none() | st.sampled_from(LostReason),
    visits=st.lists(_days, max_size=2),
    contacts=st.lists(_days, max_size=2),
    inquiries=st.lists(st.tuples(_days, st.sampled_from(SOURCES)), max_size=2),
    refused=st.booleans(),
    consents=st.lists(st.tuples(st.sampled_from(CHANNELS), st.booleans()), max_size=2),
    tags=st.lists(st.sampled_from(TAGS), unique=True, max_size=2),
)  # fmt: skip
CHOICES = {
    "kind": tuple(CustomerKind),
    "sex": tuple(Sex),
    "centre": ("0", "1", "none"),
    "brand": BRANDS,
    "model": MODELS,
    "bought_here": ("yes", "no"),
    "lifecycle": tuple(Lifecycle),
    "source": SOURCES,
    "campaign": ("1", "2"),
    "consent": CHANNELS,
    "tag": TAGS,
}
RANGES = {
    "age": st.integers(0, 100),
    "car_age": st.integers(0, 15),
    "spent": st.integers(0, 9).map(lambda n: n * 1_000_000),
    "bought": st.integers(0, 3),
    "serviced": st.integers(0, 8).map(lambda n: n * 10_000),
    "service_visits": st.integers(0, 3),
}


@st.composite
def criteria(draw: st.DrawFn) -> Criterion:
    spec = FIELDS[draw(st.sampled_from(sorted(FIELDS)))]
    op = draw(st.sampled_from(spec.operators))
    if op is Operator.NEVER:
        return Criterion(spec.name, op)
    if spec.kind is Kind.DAYS:
        return Criterion(spec.name, op, draw(st.integers(1, 900)))
    if spec.kind is Kind.CHOICE:
        chosen = st.lists(st.sampled_from([str(each) for each in CHOICES[spec.name]]), min_size=1, unique=True)
        return Criterion(spec.name, op, tuple(draw(chosen)))
    ends = draw(st.tuples(st.none() | RANGES[spec.name], st.none() | RANGES[spec.name]).filter(any_end))
    return Criterion(spec.name, op, tuple(None if end is None else Decimal(end) for end in ends))  # type: ignore[arg-type]


def any_end(ends: tuple[int | None, int | None]) -> bool:
    return ends != (None, None)


RULES: st.SearchStrategy[Node] = st.recursive(
    criteria(),
    lambda parts: (
        st.builds(Not, parts) | st.builds(Group, st.sampled_from(Join), st.lists(parts, max_size=3).map(tuple))
    ),
    max_leaves=5,
)


def fits(person: Person, rule: Node) -> bool:
    """The rule asked in plain Python."""
    if isinstance(rule, Not):
        return not fits(person, rule.part)
    if isinstance(rule, Criterion):
        return any(_car_fits(car, rule) for car in person.cars) if rule.field in CAR_FIELDS else _fits(person, rule)
    if rule.join is Join.ANY:
        return any(fits(person, part) for part in rule.parts)
    of_car = [part for part in rule.parts if isinstance(part, Criterion) and part.field in CAR_FIELDS]
    one_car = not of_car or any(all(_car_fits(car, part) for part in of_car) for car in person.cars)
    return one_car and all(fits(person, part) for part in rule.parts if part not in of_car)


def _within(value: Decimal | int | None, rule: Criterion) -> bool:
    assert isinstance(rule.value, tuple)
    lower, upper = rule.value
    if value is None:
        return False
    return (lower is None or value >= lower) and (upper is None or value <= upper)  # type: ignore[operator]


def _chosen(values: Sequence[str | None], rule: Criterion) -> bool:
    assert isinstance(rule.value, tuple)
    found = any(value in rule.value for value in values if value is not None)
    return found is (rule.op is Operator.IN)


def _car_fits(car: Car, rule: Criterion) -> bool:
    if rule.field == "car_age":
        return _within(None if car.year is None else TODAY.year - car.year, rule)
    return _chosen(
        [{"brand": car.brand, "model": car.model, "bought_here": "yes" if car.bought_here else "no"}[rule.field]], rule
    )


def _age(born: date | None) -> int | None:
    if born is None:
        return None
    return TODAY.year - born.year - ((TODAY.month, TODAY.day) < (born.month, born.day))


def _last(days: Sequence[int], rule: Criterion) -> bool:
    if rule.op is Operator.NEVER or not days:
        return rule.op is Operator.NEVER and not days
    since = NOW - timedelta(days=rule.value)  # type: ignore[arg-type]
    return (before(min(days)) >= since) is (rule.op is Operator.WITHIN)


def paid(person: Person) -> list[tuple[date, Decimal]]:
    """Work that he or his insurer paid, by day."""
    mine = (OrderKind.PAID, OrderKind.INSURANCE)
    return [(before(days).date(), total) for days, kind, total in person.work if total and kind in mine]


def unpaid(person: Person) -> list[date]:
    """Work that the maker paid, by day: warranty always counts, a recall when it has a price."""
    return [
        before(days).date()
        for days, kind, total in person.work
        if kind is OrderKind.WARRANTY or (kind is OrderKind.RECALL and total)
    ]


def stands(person: Person) -> Lifecycle:
    youngest = max(enumerate(person.cars), key=lambda each: (each[1].year or 0, each[0]), default=(0, None))[1]
    return lifecycle_of(
        LifecycleFacts(
            cars=[before(days).date() for days, _price in person.sales],
            paid_visits=[day for day, _total in paid(person)],
            warranty_visits=unpaid(person),
            service_months=(youngest.service_months if youngest else None) or 12,
            marked_lost=person.lost is not None,
            last_inquiry=max((before(days) for days, _source in person.inquiries), default=None),
            refused=person.refused,
        ),
        now=NOW,
        today=TODAY,
    )


def _serviced(person: Person) -> Decimal:
    return sum((total for _day, total in paid(person)), Decimal(0))


def _fits(person: Person, rule: Criterion) -> bool:
    if rule.field == "age":
        return _within(_age(person.birth_date), rule)
    if rule.field == "spent":
        return _within(sum((price for _days, price in person.sales), _serviced(person)), rule)
    if rule.field == "serviced":
        return _within(_serviced(person), rule)
    if rule.field == "service_visits":
        return _within(len(paid(person)) + len(unpaid(person)), rule)
    if rule.field == "bought":
        return _within(len(person.sales), rule)
    if rule.field == "last_visit":
        return _last(person.visits, rule)
    if rule.field == "last_contact":
        return _last(person.contacts, rule)
    first = [source for _days, source in sorted(person.inquiries, key=lambda each: -each[0])[:1]]
    known: dict[str, Sequence[str | None]] = {
        "kind": [person.kind.value],
        "sex": [person.sex.value],
        "centre": ["none" if person.centre is None else str(person.centre)],
        "lifecycle": [stands(person).value],
        "source": first,
        "campaign": [],
        "consent": [channel for channel, withdrawn in person.consents if not withdrawn],
        "tag": person.tags,
    }
    return _chosen(known[rule.field], rule)


def write(session: Session, person: Person, centres: Sequence[int]) -> int:
    """The rows of a person; his id."""
    customer = Customer(
        kind=person.kind,
        first_name="Ada",
        search_name=" ada",
        sort_name="ada",
        sex=person.sex,
        birth_date=person.birth_date,
        lost_reason=person.lost,
        centre_id=None if person.centre is None else centres[person.centre],
        created_at=NOW,
        phones=[],
        emails=[],
    )
    session.add(customer)
    session.flush()
    session.add_all(
        CustomerCar(
            customer_id=customer.id, description="car",
            brand_code=car.brand, model_code=car.model, year=car.year,
            bought_here=car.bought_here, service_months=car.service_months, recorded_at=NOW,
        )
        for car in person.cars
    )  # fmt: skip
    session.add_all(CustomerTag(customer_id=customer.id, tag=tag) for tag in person.tags)
    for days, source in sorted(person.inquiries, key=lambda each: -each[0]):
        session.add(_inquiry(customer.id, before(days), source))
        session.flush()  # of two at one moment the one written first is the first
    for days in person.contacts:
        session.add(
            Interaction(
                customer_id=customer.id, at=before(days), direction=Direction.OUT, channel=InteractionChannel.CALL,
                subject="note",
            )
        )  # fmt: skip
    for channel, withdrawn in person.consents:
        session.add(
            Consent(
                customer_id=customer.id, kind=ConsentKind.ADVERTISING, channel=channel, given_at=before(100),
                way=ConsentWay.PAPER, recorded_at=before(100), withdrawn_at=before(1) if withdrawn else None,
            )
        )  # fmt: skip
    if person.refused or person.visits:
        sheet = _worksheet(session, customer.id, "price_high" if person.refused else None)
        session.add_all(
            Visit(worksheet_id=sheet.id, at=before(days), purpose=Purpose.NEW_CAR, first=True) for days in person.visits
        )
    for days, price in person.sales:
        session.add(
            Sale(
                worksheet_id=_worksheet(session, customer.id, None).id, model_code=MODELS[0], price=price,
                contract_number="1", delivered_on=before(days).date(), recorded_at=NOW,
            )
        )  # fmt: skip
    for days, kind, total in person.work:
        _order(session, customer.id, centres[0], before(days), kind, total)
    session.flush()
    return customer.id


def _order(session: Session, customer_id: int, centre_id: int, at: datetime, kind: OrderKind, total: Decimal) -> None:
    visit = ServiceVisit(customer_id=customer_id, centre_id=centre_id, standard="service_seven_steps", opened_at=at)
    session.add(visit)
    session.flush()
    session.add(
        WorkOrder(
            visit_id=visit.id, customer_id=customer_id, centre_id=centre_id, kind=kind, total=total, opened_at=at,
            state=OrderState.CLOSED, closed_at=at,
            closed_on=at.date(), promised_at=at, approved_by="signature", tax_rate=Decimal(22),
        )
    )  # fmt: skip


def _inquiry(customer_id: int, at: datetime, source: str) -> Inquiry:
    return Inquiry(
        at=at,
        channel=InquiryChannel.CALL,
        department=Department.SALES_NEW,
        purpose=Purpose.NEW_CAR,
        customer_id=customer_id,
        source_code=source,
        interest_type=InterestType.NEW,
        answered=True,
        result=InquiryResult.INFO_GIVEN,
    )


def _worksheet(session: Session, customer_id: int, refusal: str | None) -> Worksheet:
    sheet = Worksheet(
        customer_id=customer_id,
        opened_at=NOW,
        source_code="radio",
        purpose=Purpose.NEW_CAR,
        interest_type=InterestType.NEW,
        refusal_code=refusal,
    )
    session.add(sheet)
    session.flush()
    return sheet
