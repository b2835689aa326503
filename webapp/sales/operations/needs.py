"""The needs of the customer (S04)."""

from decimal import Decimal

from engine.operations import Context
from webapp.customers.models import InteractionChannel
from webapp.sales import services
from webapp.sales.models import PayMethod
from webapp.sales.operations.common import note, operations, take_over
from webapp.sales.operations.tables import LEAD_TEMPERATURE, temperature_of
from webapp.sales.services import Needs
from webapp.sales.temperature import Horizon


@operations.asking(**LEAD_TEMPERATURE)
def record_needs(
    context: Context,
    *,
    outcome: str,
    customer_kind: str,
    replace_or_add: str,
    usage: list[str],
    priorities: list[str],
    budget_to: Decimal,
    pay_method: str,
    horizon: str,
    budget_from: Decimal | None = None,
    interest_model: str | None = None,
    monthly_payment_max: Decimal | None = None,
    down_payment: Decimal | None = None,
    decision_makers: str | None = None,
    children: int | None = None,
    occupation: str | None = None,
    hobbies: list[str] | None = None,
    current_brand: str | None = None,
    current_model: str | None = None,
    current_year: int | None = None,
    current_mileage: int | None = None,
    current_vin: str | None = None,
    drivers: list[str] | None = None,
    yearly_km: str | None = None,
    body: str | None = None,
    engine: str | None = None,
    gearbox: str | None = None,
    drive: str | None = None,
    colour_wish: str | None = None,
    must_have: list[str] | None = None,
    competitors: list[str] | None = None,
    comment: str | None = None,
) -> dict[str, object]:
    """Write the customer's needs into the worksheet."""
    worksheet = take_over(context)
    profile: dict[str, object] = {
        "customer_kind": customer_kind,
        "replace_or_add": replace_or_add,
        "current_car": {
            "brand": current_brand,
            "model": current_model,
            "year": current_year,
            "mileage": current_mileage,
            "vin": current_vin,
        },
        "usage": usage,
        "drivers": drivers,
        "yearly_km": yearly_km,
        "body": body,
        "engine": engine,
        "gearbox": gearbox,
        "drive": drive,
        "colour_wish": colour_wish,
        "must_have": must_have,
        "competitors": competitors,
        "monthly_payment_max": monthly_payment_max,
        "down_payment": down_payment,
        "decision_makers": decision_makers,
        "children": children,
        "occupation": occupation,
        "hobbies": hobbies,
    }
    needs = Needs(
        budget_from=budget_from,
        budget_to=budget_to,
        pay_method=PayMethod(pay_method),
        horizon=Horizon(horizon),
        model_code=interest_model,
        priorities=tuple(priorities),
        profile={name: value for name, value in profile.items() if value is not None},
    )
    services.record_needs(context.session, worksheet, needs)
    worksheet.temperature_by_horizon = temperature_of(context, needs.horizon)
    note(context, worksheet, "worksheet.needs", outcome, comment, channel=InteractionChannel.VISIT)
    temperature = worksheet.temperature(context.now)
    return {"temperature": temperature.value if temperature else None}
