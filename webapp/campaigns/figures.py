"""Plan against fact of a campaign in contacts, visits, sales and money (specification M4, §6.21). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

HUNDRED = Decimal(100)
KOPECK = Decimal("0.01")


@dataclass(frozen=True)
class Earned:
    """What was bought. `profit`: the gross profit of the purchases of which it is known; the others are `open`."""

    sales: int = 0
    revenue: Decimal = Decimal(0)
    profit: Decimal = Decimal(0)
    open_sales: int = 0
    open_revenue: Decimal = Decimal(0)

    @property
    def known_sales(self) -> int:
        return self.sales - self.open_sales

    @property
    def covered(self) -> "Earned":
        """The same for a reader who may not know the gross profit."""
        return Earned(self.sales, self.revenue, Decimal(0), self.sales, self.revenue)

    def margin(self, percent: Decimal) -> Decimal | None:
        """The gross profit, that of open purchases taken at `percent` of their revenue; None: no percentage is known.

        A percentage of nought is none: nobody plans a campaign that earns nothing.
        """
        if self.open_sales and not percent:
            return None
        return (self.profit + self.open_revenue * percent / HUNDRED).quantize(KOPECK, ROUND_HALF_UP)


@dataclass(frozen=True)
class Figures:
    """What a campaign was to bring, or has brought. `margin`: before fixed costs.

    None: not planned, or not known. `earned`: of a fact, how much of the margin is known.
    """

    audience: int
    contacts: Decimal
    visits: Decimal | None
    sales: Decimal
    revenue: Decimal | None
    margin: Decimal | None
    cost: Decimal
    earned: Earned | None = None

    @property
    def cost_per_contact(self) -> Decimal | None:
        return ratio(self.cost, self.contacts)

    @property
    def cost_per_visit(self) -> Decimal | None:
        return None if self.visits is None else ratio(self.cost, self.visits)

    @property
    def cost_per_sale(self) -> Decimal | None:
        return ratio(self.cost, self.sales)

    @property
    def roi(self) -> Decimal | None:
        """(margin − cost) / cost, in per cent; None without costs, or while the margin is not known."""
        if not self.cost or self.margin is None:
            return None
        return ((self.margin - self.cost) / self.cost * HUNDRED).quantize(Decimal("0.1"), ROUND_HALF_UP)


def planned(
    *,
    audience: int,
    response_percent: Decimal,
    sale_percent: Decimal,
    expected_margin: Decimal,
    costs: Decimal,
    unit_cost: Decimal,
) -> Figures:
    """What is expected: so many of those written to answer, so many of those who answer buy."""
    contacts = audience * response_percent / HUNDRED
    sales = contacts * sale_percent / HUNDRED
    return Figures(
        audience=audience,
        contacts=contacts,
        visits=None,
        sales=sales,
        revenue=None,
        margin=(sales * expected_margin).quantize(KOPECK, ROUND_HALF_UP),
        cost=(costs + audience * unit_cost).quantize(KOPECK, ROUND_HALF_UP),
    )


def ratio(part: Decimal, whole: Decimal | int) -> Decimal | None:
    """One figure per another, to kopecks; None without a whole, never zero or endless (specification §6.0)."""
    return (part / whole).quantize(KOPECK, ROUND_HALF_UP) if whole else None


def share(part: int, whole: int) -> Decimal | None:
    """In per cent, with one decimal."""
    return (Decimal(part) / whole * HUNDRED).quantize(Decimal("0.1"), ROUND_HALF_UP) if whole else None


@dataclass(frozen=True)
class PeriodBar:
    """A period on the common axis, in per cent of its width; `now`: it holds today."""

    left: float
    width: float
    now: bool


@dataclass(frozen=True)
class Axis:
    """The days that a list of periods spans, and where today lies, in per cent; None: outside."""

    first: date
    last: date
    today: float | None


def axis_of(periods: Sequence[tuple[date, date]], today: date) -> Axis:
    """From the first day to the last, with today among them where the periods are near."""
    first = min((start for start, _end in periods), default=today)
    last = max((end for _start, end in periods), default=today)
    days = (last - first).days + 1
    at = ((today - first).days + 0.5) / days * 100
    return Axis(first, last, round(at, 2) if 0 <= at <= 100 else None)


def period_bars(periods: Sequence[tuple[date, date]], today: date) -> list[PeriodBar]:
    """Each period on the axis of all."""
    axis = axis_of(periods, today)
    days = (axis.last - axis.first).days + 1
    return [
        PeriodBar(
            left=round((start - axis.first).days / days * 100, 2),
            width=round(max(((end - start).days + 1) / days * 100, 1.5), 2),
            now=start <= today <= end,
        )
        for start, end in periods
    ]
