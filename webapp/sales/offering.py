"""Offers of a worksheet, and the discounts that are asked for on them."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.core import audit
from webapp.core.errors import NotFound, RuleViolation
from webapp.sales.limits import LIMITS
from webapp.sales.models import DiscountLevel, DiscountRequest, Offer, PayMethod, Worksheet

ON_CREDIT = frozenset({PayMethod.CREDIT, PayMethod.TRADEIN_PLUS_CREDIT, PayMethod.UNDECIDED})
LESS = frozenset({"discount", "tradein"})  # lines that make the total smaller
NOON = time(12)
CENT = Decimal("0.01")

Row = Mapping[str, object]


@dataclass(frozen=True)
class Sums:
    """What the lines of an offer come to, in roubles."""

    car: Decimal
    discount: Decimal
    total: Decimal

    @property
    def discount_percent(self) -> Decimal:
        """Of the price of the car."""
        return share(self.discount, self.car)


def share(part: Decimal, whole: Decimal) -> Decimal:
    """In per cent, to two digits; 0 of nothing."""
    return (part * 100 / whole).quantize(CENT, ROUND_HALF_UP) if whole else Decimal()


def sums_of(lines: Sequence[Row]) -> Sums:
    """Add up: discounts and a trade-in count off, and so does the discount of any other line."""
    car = discount = total = Decimal()
    for line in lines:
        amount = _money(line, "price") * (_money(line, "qty") or Decimal(1))
        off = _money(line, "discount")
        if line.get("kind") in LESS:
            total -= amount
            discount += amount if line.get("kind") == "discount" else Decimal()
        else:
            total += amount - off
            discount += off
        car += amount if line.get("kind") == "car" else Decimal()
    return Sums(car, discount, total)


def _money(row: Row, name: str) -> Decimal:
    value = row.get(name)
    return value if isinstance(value, Decimal) else Decimal(value) if isinstance(value, int) else Decimal()


def make_offer(
    session: Session,
    worksheet: Worksheet,
    *,
    lines: Sequence[Row],
    variants: Sequence[Row],
    valid_until: date,
    outcome: str,
    actor_id: int | None,
    own_discount: Callable[[Decimal], Decimal],
    today: date,
    now: datetime,
) -> Offer:
    """Write the next version. `today` is the day where the centre is.

    `own_discount` tells by the price of the car what may be given without asking; both in roubles.

    RuleViolation: offer_without_car, offer_below_zero, offer_expired, offer_valid_too_long, variants_too_few,
    discount_not_approved.
    """
    sums = sums_of(lines)
    if not sums.car:
        raise RuleViolation("offer_without_car", "No line is a car with its price.")
    if sums.total < 0:
        raise RuleViolation("offer_below_zero", "The offer comes to less than nothing.")
    if valid_until < today:
        raise RuleViolation("offer_expired", "The offer is good until a day that has passed.")
    if valid_until > today + LIMITS.offer_valid_at_most:
        days = LIMITS.offer_valid_at_most.days
        raise RuleViolation("offer_valid_too_long", f"An offer is good for {days} days at most.", days=days)
    if worksheet.pay_method in ON_CREDIT and len(variants) < LIMITS.variants_on_credit:
        least = LIMITS.variants_on_credit
        raise RuleViolation("variants_too_few", f"Compare at least {least} ways to pay.", least=least)
    allowed = max(own_discount(sums.car), granted_discount(session, worksheet)) if sums.discount else Decimal()
    if sums.discount > allowed:
        raise RuleViolation("discount_not_approved", f"Only {allowed} may be given.", allowed=allowed)
    offer = Offer(
        worksheet_id=worksheet.id,
        version=_last_version(session, worksheet.id) + 1,
        lines=json.dumps(list(lines), ensure_ascii=False, default=str),
        variants=json.dumps(list(variants), ensure_ascii=False, default=str),
        total=sums.total,
        discount=sums.discount,
        valid_until=valid_until,
        outcome=outcome,
        made_by=actor_id,
        made_at=now,
    )
    session.add(offer)
    session.flush()
    return offer


def granted_discount(session: Session, worksheet: Worksheet) -> Decimal:
    """What the last decision allowed, in roubles."""
    request = find_discount_request(session, worksheet.id)
    return request.approved if request is not None and request.approved is not None else Decimal()


def _last_version(session: Session, worksheet_id: int) -> int:
    return session.scalar(select(func.max(Offer.version)).where(Offer.worksheet_id == worksheet_id)) or 0


def find_offer(session: Session, worksheet_id: int) -> Offer | None:
    """The newest version."""
    statement = select(Offer).where(Offer.worksheet_id == worksheet_id).order_by(Offer.version.desc())
    return session.scalar(statement.limit(1))


def call_before_expiry(valid_until: date, zone: str) -> datetime:
    """At noon of the day before the offer runs out somebody calls (specification §1.3, S10)."""
    return datetime.combine(valid_until - timedelta(days=1), NOON, ZoneInfo(zone)).astimezone(UTC)


def next_call_about(valid_until: date, *, agreed: datetime | None, now: datetime, zone: str) -> datetime:
    """When a customer who thinks an offer over is called: as agreed, tomorrow otherwise, before it runs out at last."""
    wanted = agreed or now + timedelta(days=1)
    last = call_before_expiry(valid_until, zone)
    return min(wanted, last) if last > now else wanted


def ask_discount(
    session: Session,
    worksheet: Worksheet,
    *,
    requested: Decimal,
    counter_step: str,
    level_of: Callable[[Decimal, Decimal], DiscountLevel],
    actor_id: int | None,
    now: datetime,
) -> DiscountRequest:
    """A discount that the customer asks for; within the salesperson's own limit it is allowed at once.

    `level_of` tells by the price of the car, in roubles, and the discount, in per cent, who decides.
    RuleViolation: offer_missing, discount_above_price.
    """
    offer = find_offer(session, worksheet.id)
    if offer is None:
        raise RuleViolation("offer_missing", "A discount is asked for on an offer.")
    car = _car_price(offer)
    if requested >= car:
        raise RuleViolation("discount_above_price", "The discount is larger than the price.")
    percent = share(requested, car)
    request = DiscountRequest(
        worksheet_id=worksheet.id,
        requested=requested,
        percent=percent,
        counter_step=counter_step,
        level=level_of(car, percent),
        asked_by=actor_id,
        asked_at=now,
    )
    if request.level is DiscountLevel.MANAGER:
        request.decide(requested, by=actor_id, at=now)
    session.add(request)
    session.flush()
    return request


def _car_price(offer: Offer) -> Decimal:
    """Amounts of stored lines are texts."""
    amounts = ("price", "qty", "discount")
    lines = [
        {**line, **{name: Decimal(str(line.get(name) or 0)) for name in amounts}} for line in json.loads(offer.lines)
    ]
    return sums_of(lines).car


def decide_discount(
    session: Session, worksheet: Worksheet, *, approved: Decimal, actor_id: int | None, now: datetime
) -> None:
    """The head or the director has decided. NotFound: discount_unknown; RuleViolation: discount_above_request."""
    request = find_discount_request(session, worksheet.id)
    if request is None:
        raise NotFound("discount_unknown", "Nobody has asked for a discount.")
    if approved > request.requested:
        raise RuleViolation("discount_above_request", "More than was asked for.")
    request.decide(approved, by=actor_id, at=now)
    audit.record(
        session,
        action="sales.discount.decided",
        subject=worksheet.business_key,
        actor_id=actor_id,
        now=now,
        approved=approved,
    )


def find_discount_request(session: Session, worksheet_id: int) -> DiscountRequest | None:
    statement = select(DiscountRequest).where(DiscountRequest.worksheet_id == worksheet_id)
    return session.scalar(statement.order_by(DiscountRequest.id.desc()).limit(1))
