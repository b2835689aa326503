"""How a worksheet is called on the pages of its case, and what is known of it there."""

from collections.abc import Mapping, Sequence

from flask import url_for
from flask_babel import gettext as _
from flask_babel import pgettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.history.export.naming import CaseObject
from webapp.core import formats
from webapp.core.clock import now
from webapp.core.feature import CaseLabel, Fact
from webapp.core.i18n import current_language, current_zone
from webapp.customers import consents, papers
from webapp.customers.models import ConsentKind, Customer, Sex
from webapp.customers.services import get_customer
from webapp.inquiries.models import Source
from webapp.inquiries.services import UNKNOWN_SOURCE
from webapp.kit.phones import is_phone
from webapp.sales import offering, queries, reserving, trying
from webapp.sales.labels import HORIZONS, PAY_METHODS, TEMPERATURES
from webapp.sales.models import Worksheet
from webapp.sales.temperature import Temperature
from webapp.vehicles.queries import get_model_name


def describe_worksheets(session: Session, ids: Sequence[int]) -> Mapping[int, CaseLabel]:
    """Customer, then number and car."""
    language, zone = current_language(), current_zone()
    labels = {}
    for worksheet, centre, visit_at, sold in queries.list_worksheets(session, ids):
        car = worksheet.model.full_name if worksheet.model else ""
        labels[worksheet.id] = CaseLabel(
            title=worksheet.customer.name,
            detail=", ".join(filter(None, (worksheet.number_in(language), car))),
            url=url_for("customers.show_customer", customer_id=worksheet.customer_id),
            customer_id=worksheet.customer_id,
            facts=[] if sold else _temperature(worksheet),
            words={
                "customer": worksheet.customer.name,
                # a gap in «The {model} will be ready», which is said aloud
                "model": car or pgettext("said instead of a model that nobody has named yet", "car"),
                "centre": centre,
                "date": formats.format_day(visit_at, language, zone, "day_month") if visit_at else "",
                "time": formats.format_time(visit_at, zone) if visit_at else "",
            },
        )
    return labels


def worksheet_objects(session: Session, ids: Sequence[int]) -> Mapping[int, Sequence[CaseObject]]:
    """Whose worksheet it is; for exports of the log."""
    rows = session.execute(select(Worksheet.id, Worksheet.customer_id).where(Worksheet.id.in_(ids)))
    return {row.id: [CaseObject("customer", row.customer_id)] for row in rows}


def worksheet_facts(session: Session, worksheet_id: int) -> Sequence[Fact]:
    """What a salesperson wants at hand while he talks."""
    worksheet = queries.get_worksheet(session, worksheet_id)
    customer = get_customer(session, worksheet.customer_id)
    language = current_language()
    card = url_for("customers.show_customer", customer_id=customer.id)
    found = [Fact(_("Customer"), customer.name, url=card)]
    found += [Fact(_("Phone"), formats.format_phone(each.number), url=f"tel:{each.number}") for each in customer.phones]
    found += [Fact(_("Mail"), each.address, url=f"mailto:{each.address}") for each in customer.emails]
    source = session.get(Source, worksheet.source_code)
    visit = queries.find_open_appointment(session, worksheet_id)
    known = (
        (_("Car"), get_model_name(session, worksheet.model_code)),
        (_("Budget"), _budget(worksheet, language)),
        (_("Pays by"), str(PAY_METHODS[worksheet.pay_method]) if worksheet.pay_method else ""),
        (_("Buys"), str(HORIZONS[worksheet.horizon]) if worksheet.horizon else ""),
        (_("Visit"), formats.format_moment(visit.at, language, current_zone()) if visit else ""),
        *_deal_facts(session, worksheet_id, language),
        (_("Source"), source.name_in(language) if source else ""),
        (_("Campaign"), worksheet.campaign),
    )
    if (temperature := _temperature(worksheet)) and not queries.is_sold(session, worksheet_id):
        found += temperature
    found += [Fact(label, value) for label, value in known if value]
    if worksheet.instruction:
        found.append(Fact(_("From the head"), worksheet.instruction, tone="warn"))
    return found


def _deal_facts(session: Session, worksheet_id: int, language: str) -> Sequence[tuple[str, str]]:
    """What has been offered and kept so far: trade-in, offer, reservation."""
    appraisal = trying.find_appraisal(session, worksheet_id)
    offer = offering.find_offer(session, worksheet_id)
    kept = reserving.find_reservation(session, worksheet_id)
    found = []
    if appraisal is not None:
        price = formats.format_money(appraisal.offer_price, language)
        until = formats.format_day(appraisal.valid_until, language, current_zone())
        found.append((_("Trade-in"), _("%(price)s until %(date)s", price=price, date=until)))
    if offer is not None:
        total = formats.format_money(offer.total, language)
        until = formats.format_day(offer.valid_until, language, current_zone())
        text = _("No. %(version)s: %(total)s until %(date)s", version=offer.version, total=total, date=until)
        found.append((_("Offer"), text))
    if kept is not None:
        until = formats.format_moment(kept.until, language, current_zone())
        found.append((_("Reserved"), _("%(car)s until %(date)s", car=kept.vehicle, date=until)))
    return found


def worksheet_values(session: Session, worksheet_id: int) -> Mapping[str, object]:
    """What a form may put into its fields: the person as the card knows him, the wish as the worksheet does."""
    worksheet = queries.get_worksheet(session, worksheet_id)
    customer = get_customer(session, worksheet.customer_id)
    nameless = is_phone(customer.first_name)  # called by his number until somebody has spoken to him
    return {
        "first_name": "" if nameless else customer.first_name,
        "last_name": customer.last_name,
        "sex": customer.sex.value if customer.sex is not Sex.UNKNOWN else "",
        "data_basis": customer.data_basis.value if customer.data_basis else "",
        "source": worksheet.source_code if worksheet.source_code != UNKNOWN_SOURCE else "",
        "campaign": worksheet.campaign,
        "purpose": worksheet.purpose.value,
        "model": worksheet.model_code or "",
        "interest_type": worksheet.interest_type.value,
        "manager": str(worksheet.manager_id or ""),
        "current_vin": worksheet.needs_profile.get("current_car", {}).get("vin") or "",
        **_buyer(session, customer),
    }


def _temperature(worksheet: Worksheet) -> list[Fact]:
    """How near the purchase is, until the customer has said no or is gone."""
    temperature = worksheet.temperature(now())
    if temperature is None or worksheet.refusal_code or worksheet.lost_reason:
        return []
    # amber for hot, never red: red keeps its meaning of late and refused
    tone = "warn" if temperature is Temperature.HOT else "idle"
    return [Fact(_("Temperature"), str(TEMPERATURES[temperature]), tone=tone, headline=True)]


def _buyer(session: Session, customer: Customer) -> Mapping[str, object]:
    """The papers of the customer, so that a contract asks for each of them once."""
    found: dict[str, object] = {"customer_kind": customer.kind.value, "birth_date": customer.birth_date}
    passport = papers.find_passport(session, customer.id)
    if passport is not None:
        found |= {
            "passport_series": passport.series,
            "passport_number": passport.number,
            "passport_issuer": passport.issuer,
            "passport_issued_on": passport.issued_on,
            "passport_department": passport.department_code,
            "registration_address": passport.registration_address,
        }
    company = papers.find_company_details(session, customer.id)
    if company is not None:
        names = ("inn", "kpp", "ogrn", "legal_address", "bank_name", "bic", "account")
        found |= {name: getattr(company, name) for name in names}
        found |= {
            "company_name": customer.company_name,
            "corr_account": company.correspondent_account,
            "signatory_name": company.signatory_name,
            "signatory_position": company.signatory_position,
            "signatory_basis": company.signatory_basis,
        }
    if consents.has_consent(session, customer.id, ConsentKind.PERSONAL_DATA, now=now()):
        found["pd_consent"] = "yes"
    return found


def _budget(worksheet: Worksheet, language: str) -> str:
    if worksheet.budget_to is None:
        return ""
    upper = formats.format_money(worksheet.budget_to, language)
    if worksheet.budget_from is None:
        return str(_("up to %(amount)s", amount=upper))
    lower = formats.format_number(worksheet.budget_from, language, 0)
    return f"{lower} – {upper}"
