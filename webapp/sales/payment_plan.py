"""What a customer has to pay by when (specification §1.3, S14 and S15). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

OVERDUE_AFTER = timedelta(days=5)  # from then on the head decides


@dataclass(frozen=True)
class Instalment:
    """One line of the payment schedule."""

    due: date
    amount: Decimal
    kind: str = "main"


@dataclass(frozen=True)
class PaymentStanding:
    """Where the payment stands. `due`: of the first line that is not covered, or of the last; money in roubles."""

    payable: Decimal
    paid: Decimal
    due: date
    overdue_on: date

    @property
    def balance(self) -> Decimal:
        return self.payable - self.paid


def standing(schedule: Sequence[Instalment], paid: Decimal, *, waits_until: date | None = None) -> PaymentStanding:
    """Money covers the lines in the order of their dates. `waits_until`: the head gave time until then."""
    lines = sorted(schedule, key=lambda line: line.due)
    payable, left = sum((line.amount for line in lines), Decimal()), paid
    due = lines[-1].due
    for line in lines:
        if left < line.amount:
            due = line.due
            break
        left -= line.amount
    if waits_until is not None:
        due = max(due, waits_until)
        return PaymentStanding(payable, paid, due, due + timedelta(days=1))
    return PaymentStanding(payable, paid, due, due + OVERDUE_AFTER)
