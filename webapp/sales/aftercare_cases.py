"""How the care after a handover is called on the pages of its case, and what is known of it there."""

from collections.abc import Mapping, Sequence

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.core import formats
from webapp.core.feature import CaseLabel, Fact
from webapp.core.i18n import current_language, current_zone
from webapp.customers.services import get_customer
from webapp.sales import queries
from webapp.sales.aftercare import get_sale
from webapp.sales.cases import describe_worksheets
from webapp.sales.models import Sale
from webapp.sales.models.contracts import SalesSurvey
from webapp.vehicles.models import CarModel
from webapp.vehicles.queries import get_model_name

UNHAPPY_BELOW = 60  # CSI in per cent; the answer to three of five


def describe_aftercare(session: Session, ids: Sequence[int]) -> Mapping[int, CaseLabel]:
    """Customer, then the number of the worksheet and the car that was handed over."""
    language, zone = current_language(), current_zone()
    rows = session.execute(
        select(Sale, CarModel).join(CarModel, CarModel.code == Sale.model_code).where(Sale.worksheet_id.in_(ids))
    )
    sold = {sale.worksheet_id: (sale, model) for sale, model in rows}
    labels = {}
    for number, label in describe_worksheets(session, ids).items():
        if number not in sold:
            labels[number] = label
            continue
        sale, model = sold[number]
        code = label.detail.partition(",")[0]
        words = {**label.words, "model": model.full_name, "date": formats.format_day(sale.delivered_on, language, zone)}
        labels[number] = CaseLabel(
            title=label.title,
            detail=", ".join(filter(None, (code, model.full_name, sale.plate))),
            url=label.url,
            customer_id=label.customer_id,
            words=words,
        )
    return labels


def aftercare_facts(session: Session, worksheet_id: int) -> Sequence[Fact]:
    """What one wants at hand when one calls the owner of a car."""
    worksheet, sale = queries.get_worksheet(session, worksheet_id), get_sale(session, worksheet_id)
    customer = get_customer(session, worksheet.customer_id)
    language, zone = current_language(), current_zone()
    card = url_for("customers.show_customer", customer_id=customer.id)
    found = [Fact(_("Customer"), customer.name, url=card)]
    found += [Fact(_("Phone"), formats.format_phone(each.number), url=f"tel:{each.number}") for each in customer.phones]
    found += [Fact(_("Mail"), each.address, url=f"mailto:{each.address}") for each in customer.emails]
    survey = session.get(SalesSurvey, worksheet_id)
    if survey is not None and survey.csi is not None:
        tone = "warn" if survey.csi <= UNHAPPY_BELOW else "idle"
        index = f"{formats.format_number(survey.csi, language, 1)}\u00a0%"
        found.append(Fact(_("CSI"), index, tone=tone, headline=True))
        found.append(Fact(_("NPS"), str(survey.nps)))

    def day(value: object) -> str:
        return formats.format_day(value, language, zone) if value else ""  # type: ignore[arg-type]  # a date

    known = (
        (_("Car"), get_model_name(session, sale.model_code)),
        (_("Number plate"), sale.plate),
        (_("VIN"), sale.vin),
        (_("Handed over on"), day(sale.delivered_on)),
        (_("First service"), day(sale.first_service_due)),
        (_("Warranty until"), day(sale.warranty_until)),
        (_("Policy until"), day(sale.policy_until)),
        (_("Contract number"), sale.contract_number),
    )
    return [*found, *(Fact(label, value) for label, value in known if value)]
