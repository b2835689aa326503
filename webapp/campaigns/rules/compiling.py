"""From the tree of a rule to one condition on `Customer`: sets of customers, never a question per customer.

Each part is true or false, never unknown: what is not known of a customer fits no criterion, so that NOT means what
it says on both databases.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    case,
    exists,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    true,
)

from engine.instances.models import InstanceStatus, ProcessInstance
from webapp.campaigns import activity
from webapp.campaigns.lifecycle import (
    ACTIVE_PROSPECT,
    CARS_OF_REGULAR,
    REG_WINDOW_MONTHS,
    VISITS_OF_BUYER,
    VISITS_OF_REGULAR,
    Lifecycle,
    lost_gap,
    months_before,
    years_before,
)
from webapp.campaigns.models.campaigns import CampaignRecipient, RecipientStep
from webapp.campaigns.rules.fields import CAR_FIELDS, Operator
from webapp.campaigns.rules.tree import Criterion, Group, Join, Node, Not
from webapp.customers.consenting import is_active
from webapp.customers.models import Consent, ConsentKind, Customer
from webapp.customers.tags import CustomerTag
from webapp.inquiries.models import Inquiry
from webapp.sales.models import Worksheet
from webapp.vehicles.models import SERVICE_MONTHS, USUAL_SERVICE_MONTHS, CustomerCar

NO_CENTRE = "none"


@dataclass(frozen=True)
class Moment:
    """When a rule is asked; `today` is the day in the dealer's zone."""

    now: datetime
    today: date


def who_fits(node: Node, moment: Moment) -> Select[int]:
    """Ids of the customers who fit."""
    return select(Customer.id).where(condition(node, moment))


def condition(node: Node, moment: Moment) -> ColumnElement[bool]:
    """The condition on `Customer`."""
    if isinstance(node, Not):
        return not_(condition(node.part, moment))
    if isinstance(node, Group):
        return _group(node, moment)
    if node.field in CAR_FIELDS:
        return _has_car([node], moment)
    return _FIELDS[node.field](node, moment)


def _group(group: Group, moment: Moment) -> ColumnElement[bool]:
    if group.join is Join.ANY:
        return or_(false(), *(condition(part, moment) for part in group.parts))
    # what all is said of his car is said of one and the same car
    of_car = [part for part in group.parts if isinstance(part, Criterion) and part.field in CAR_FIELDS]
    others = [condition(part, moment) for part in group.parts if part not in of_car]
    cars = [_has_car(of_car, moment)] if of_car else []
    return and_(true(), *others, *cars)


def _is_in(members: Select[Any], wanted: bool = True) -> ColumnElement[bool]:
    return Customer.id.in_(members) if wanted else Customer.id.not_in(members)


def _choice(found: ColumnElement[bool], criterion: Criterion) -> ColumnElement[bool]:
    return not_(found) if criterion.op is Operator.NOT_IN else found


def _words(criterion: Criterion) -> list[str]:
    return [str(each) for each in criterion.value] if isinstance(criterion.value, tuple) else []


def _numbers(words: Sequence[str]) -> list[int]:
    return [int(each) for each in words if each.isascii() and each.isdecimal() and len(each) < 10]


def _ends(criterion: Criterion) -> tuple[Decimal | None, Decimal | None]:
    lower, upper = criterion.value if isinstance(criterion.value, tuple) else (None, None)
    return (
        lower if isinstance(lower, Decimal) else None,
        upper if isinstance(upper, Decimal) else None,
    )


def _kind(criterion: Criterion, moment: Moment) -> ColumnElement[bool]:
    return _choice(Customer.kind.in_(_words(criterion)), criterion)


def _sex(criterion: Criterion, moment: Moment) -> ColumnElement[bool]:
    return _choice(Customer.sex.in_(_words(criterion)), criterion)


def _age(criterion: Criterion, moment: Moment) -> ColumnElement[bool]:
    lower, upper = _ends(criterion)
    bounds: list[ColumnElement[bool]] = [Customer.birth_date.is_not(None)]
    if lower is not None:
        bounds.append(Customer.birth_date <= years_before(moment.today, math.ceil(lower)))
    if upper is not None:
        bounds.append(Customer.birth_date > years_before(moment.today, math.floor(upper) + 1))
    return and_(*bounds)


def _centre(criterion: Criterion, moment: Moment) -> ColumnElement[bool]:
    words = _words(criterion)
    found = and_(Customer.centre_id.is_not(None), Customer.centre_id.in_(_numbers(words)))
    if NO_CENTRE in words:
        found = or_(found, Customer.centre_id.is_(None))
    return _choice(found, criterion)


def _has_car(criteria: Sequence[Criterion], moment: Moment) -> ColumnElement[bool]:
    of_car = [_CARS[each.field](each, moment) for each in criteria]
    return exists().where(CustomerCar.customer_id == Customer.id, CustomerCar.until.is_(None), *of_car)


def _brand(criterion: Criterion, moment: Moment) -> ColumnElement[bool]:
    words = _words(criterion)
    return _choice(and_(CustomerCar.brand_code.is_not(None), CustomerCar.brand_code.in_(words)), criterion)


def _model(criterion: Criterion, moment: Moment) -> ColumnElement[bool]:
    words = _words(criterion)
    return _choice(and_(CustomerCar.model_code.is_not(None), CustomerCar.model_code.in_(words)), criterion)


def _bought_here(criterion: Criterion, moment: Moment) -> ColumnElement[bool]:
    wanted = [word == "yes" for word in _words(criterion)]
    return _choice(CustomerCar.bought_here.in_(wanted), criterion)


def _car_age(criterion: Criterion, moment: Moment) -> ColumnElement[bool]:
    lower, upper = _ends(criterion)
    bounds: list[ColumnElement[bool]] = [CustomerCar.year.is_not(None)]
    if lower is not None:
        bounds.append(CustomerCar.year <= moment.today.year - math.ceil(lower))
    if upper is not None:
        bounds.append(CustomerCar.year >= moment.today.year - math.floor(upper))
    return and_(*bounds)


def _lifecycle(criterion: Criterion, moment: Moment) -> ColumnElement[bool]:
    known = _lifecycles(moment)
    return _choice(or_(false(), *(known[Lifecycle(word)]() for word in _words(criterion) if word in known)), criterion)


def _lifecycles(moment: Moment) -> Mapping[str, Callable[[], ColumnElement[bool]]]:
    """Each segment of the base as a condition; `lifecycle.lifecycle_of` says the same of one customer."""
    done, youngest = activity.commercial(), _youngest_cars()
    alive = func.max(done.c.day) >= _lost_before(func.max(youngest.c.months), moment)
    cars = func.sum(case((done.c.kind == activity.CAR, 1), else_=0))
    in_window = and_(
        done.c.kind == activity.WORK, done.c.amount > 0, done.c.day >= months_before(moment.today, REG_WINDOW_MONTHS)
    )
    visits = func.sum(case((in_window, 1), else_=0))
    regular = or_(cars >= CARS_OF_REGULAR, visits >= VISITS_OF_REGULAR, and_(cars == 1, visits >= VISITS_OF_BUYER))
    grouped = (
        select(done.c.customer_id)
        .outerjoin(youngest, youngest.c.customer_id == done.c.customer_id)
        .group_by(done.c.customer_id)
    )
    marked, unmarked = Customer.lost_reason.is_not(None), Customer.lost_reason.is_(None)
    asked = select(Inquiry.customer_id).where(Inquiry.customer_id.is_not(None))
    never_bought = and_(_is_in(select(done.c.customer_id), False), _is_in(asked))
    active = or_(_is_in(asked.where(Inquiry.at > moment.now - ACTIVE_PROSPECT)), _is_in(in_work()))
    refused = _is_in(select(Worksheet.customer_id).where(Worksheet.refusal_code.is_not(None)))
    return {
        Lifecycle.LOST: lambda: or_(_is_in(grouped.having(not_(alive))), and_(marked, _is_in(grouped))),
        Lifecycle.REGULAR: lambda: and_(unmarked, _is_in(grouped.having(and_(alive, regular)))),
        Lifecycle.REAL: lambda: and_(unmarked, _is_in(grouped.having(and_(alive, not_(regular))))),
        Lifecycle.POTENTIAL_ACTIVE: lambda: and_(never_bought, active),
        Lifecycle.POTENTIAL_REFUSED: lambda: and_(never_bought, not_(active), refused),
        Lifecycle.POTENTIAL_DORMANT: lambda: and_(never_bought, not_(active), not_(refused)),
        Lifecycle.UNKNOWN: lambda: and_(_is_in(select(done.c.customer_id), False), _is_in(asked, False)),
    }


def _youngest_cars() -> Subquery:
    """Of each customer who has a car, how often the youngest comes to the service: customer_id, months."""
    order = func.row_number().over(
        partition_by=CustomerCar.customer_id,
        order_by=(func.coalesce(CustomerCar.year, 0).desc(), CustomerCar.id.desc()),
    )
    ranked = (
        select(CustomerCar.customer_id, CustomerCar.service_months.label("months"), order.label("place"))
        .where(CustomerCar.until.is_(None))
        .subquery()
    )
    return select(ranked.c.customer_id, ranked.c.months).where(ranked.c.place == 1).subquery("youngest")


def _lost_before(service_months: ColumnElement[int], moment: Moment) -> ColumnElement[date]:
    """Whose last activity lies before this day is lost: `lifecycle.lost_gap` as SQL."""
    days = {months: literal(months_before(moment.today, lost_gap(months))) for months in SERVICE_MONTHS}
    return case(*((service_months == months, day) for months, day in days.items()), else_=days[USUAL_SERVICE_MONTHS])


def in_work() -> Select[int]:
    """Customers with an open worksheet."""
    return (
        select(Worksheet.customer_id)
        .join(ProcessInstance, ProcessInstance.business_key == Worksheet.business_key)
        .where(ProcessInstance.status == InstanceStatus.ACTIVE)
    )


def _spent(criterion: Criterion, moment: Moment) -> ColumnElement[bool]:
    done = activity.commercial()
    return _summed(select(done.c.customer_id).group_by(done.c.customer_id), func.sum(done.c.amount), criterion)


def _serviced(criterion: Criterion, moment: Moment) -> ColumnElement[bool]:
    done = activity.commercial()
    paid = select(done.c.customer_id).where(done.c.kind == activity.WORK).group_by(done.c.customer_id)
    return _summed(paid, func.sum(done.c.amount), criterion)


def _service_visits(criterion: Criterion, moment: Moment) -> ColumnElement[bool]:
    done = activity.commercial()
    work = select(done.c.customer_id).where(done.c.kind == activity.WORK).group_by(done.c.customer_id)
    return _summed(work, func.count(), criterion)


def _bought(criterion: Criterion, moment: Moment) -> ColumnElement[bool]:
    done = activity.commercial()
    cars = select(done.c.customer_id).where(done.c.kind == activity.CAR).group_by(done.c.customer_id)
    return _summed(cars, func.count(), criterion)


def _summed(grouped: Select[Any], total: ColumnElement[Any], criterion: Criterion) -> ColumnElement[bool]:
    """A sum between two ends; whoever has no row at all has a sum of zero."""
    lower, upper = _ends(criterion)
    bounds: list[ColumnElement[bool]] = [true()]
    if lower is not None:
        bounds.append(total >= lower)
    if upper is not None:
        bounds.append(total <= upper)
    if lower is None or lower == 0:
        return _is_in(grouped.having(not_(and_(*bounds))), False)
    return _is_in(grouped.having(and_(*bounds)))


def _last(of: Callable[[], Subquery]) -> Callable[[Criterion, Moment], ColumnElement[bool]]:
    def ask(criterion: Criterion, moment: Moment) -> ColumnElement[bool]:
        events = of()
        until = events.c.at <= moment.now
        if criterion.op is Operator.NEVER:
            return _is_in(select(events.c.customer_id).where(until), False)
        days = criterion.value if isinstance(criterion.value, int) else 0
        since = moment.now - timedelta(days=days)
        last = func.max(events.c.at)
        grouped = select(events.c.customer_id).where(until).group_by(events.c.customer_id)
        return _is_in(grouped.having(last >= since if criterion.op is Operator.WITHIN else last < since))

    return ask


def _source(criterion: Criterion, moment: Moment) -> ColumnElement[bool]:
    order = func.row_number().over(partition_by=Inquiry.customer_id, order_by=(Inquiry.at, Inquiry.id))
    ranked = (
        select(Inquiry.customer_id, Inquiry.source_code, order.label("place"))
        .where(Inquiry.customer_id.is_not(None))
        .subquery()
    )
    first = select(ranked.c.customer_id).where(ranked.c.place == 1, ranked.c.source_code.in_(_words(criterion)))
    return _choice(_is_in(first), criterion)


def _campaign(criterion: Criterion, moment: Moment) -> ColumnElement[bool]:
    written = select(CampaignRecipient.customer_id).where(
        CampaignRecipient.campaign_id.in_(_numbers(_words(criterion))), CampaignRecipient.step == RecipientStep.HANDED
    )
    return _choice(_is_in(written), criterion)


def _consent(criterion: Criterion, moment: Moment) -> ColumnElement[bool]:
    agreed = select(Consent.customer_id).where(
        Consent.kind == ConsentKind.ADVERTISING,
        Consent.channel.in_(_words(criterion)),
        Consent.given_at <= moment.now,
        is_active(moment.now),
    )
    return _choice(_is_in(agreed), criterion)


def _tag(criterion: Criterion, moment: Moment) -> ColumnElement[bool]:
    tagged = select(CustomerTag.customer_id).where(CustomerTag.tag.in_(_words(criterion)))
    return _choice(_is_in(tagged), criterion)


Ask = Callable[[Criterion, Moment], ColumnElement[bool]]

_CARS: Mapping[str, Ask] = {"brand": _brand, "model": _model, "car_age": _car_age, "bought_here": _bought_here}
_FIELDS: Mapping[str, Ask] = {
    "kind": _kind,
    "sex": _sex,
    "age": _age,
    "centre": _centre,
    "lifecycle": _lifecycle,
    "spent": _spent,
    "serviced": _serviced,
    "service_visits": _service_visits,
    "bought": _bought,
    "last_visit": _last(activity.visits),
    "last_contact": _last(activity.contacts),
    "source": _source,
    "campaign": _campaign,
    "consent": _consent,
    "tag": _tag,
}
