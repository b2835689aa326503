"""Plan against fact of an event in guests, contacts, sales and money (specification §3.4). Pure."""

from decimal import Decimal

from webapp.campaigns.figures import Figures
from webapp.campaigns.models import Event

KOPECK = Decimal("0.01")


def plan_of(event: Event) -> Figures:
    """What it is to bring. The margin holds tickets and sponsors; contacts are guests with an interest."""
    costs = sum((line.planned for line in event.costs), Decimal(0))
    costs += sum((line.planned * line.unit_cost for line in event.materials), Decimal(0))
    return Figures(
        audience=event.expected_invited,
        contacts=Decimal(event.expected_contacts or 0),
        visits=Decimal(event.expected_guests or 0),
        sales=Decimal(event.expected_sales or 0),
        revenue=None,
        margin=event.expected_sales * Decimal(event.expected_margin) + Decimal(event.planned_income),
        cost=costs,
    )


def fact_of(
    event: Event, *, invited: int, guests: int, contacts: int, sales: int, revenue: Decimal, spent: Decimal
) -> Figures:
    """What it has brought. `guests`: came, with their companions; `revenue`: of those who came, within the window."""
    margin = (revenue * Decimal(event.margin_percent) / 100).quantize(KOPECK)
    return Figures(
        audience=invited,
        contacts=Decimal(contacts),
        visits=Decimal(guests),
        sales=Decimal(sales),
        revenue=revenue,
        margin=margin + Decimal(event.planned_income if event.actual_income is None else event.actual_income),
        cost=spent,
    )


def spent(event: Event) -> Decimal:
    """What it cost: lines and things that nobody has counted yet by their plan."""
    costs = sum((line.planned if line.actual is None else line.actual for line in event.costs), Decimal(0))
    things = ((line.planned if line.used is None else line.used) * Decimal(line.unit_cost) for line in event.materials)
    return costs + sum(things, Decimal(0))
