"""What the lists are called from which a field offers records to choose."""

from collections.abc import Iterable, Mapping

from flask_babel import lazy_gettext as _l

from webapp.core.feature import Text

TITLES: Mapping[str, Text] = {
    "aftersales.free_slots": _l("Free times of the service"),
    "aftersales.jobs": _l("Kinds of service work"),
    "aftersales.technicians": _l("Technicians of the workshop"),
    "campaigns.named": _l("Campaigns, all"),
    "campaigns.open": _l("Campaigns that are not over"),
    "campaigns.running": _l("Campaigns that run now"),
    "campaigns.segments": _l("Customer segments"),
    "inquiries.sources": _l("Sources of inquiries"),
    "sales.competitors": _l("Competing makes and dealers"),
    "sales.managers": _l("Salespeople"),
    "sales.refusal_reasons": _l("Reasons of a refusal"),
    "staff.colleagues": _l("Colleagues of the reader"),
    "staff.people": _l("Everybody who works here"),
    "vehicles.brands": _l("Brands of cars"),
    "vehicles.models": _l("Models of cars"),
}


def named(sources: Iterable[str]) -> list[tuple[str, str]]:
    """Value and title, by title; a source without one is called by its name."""
    found = [(source, str(TITLES.get(source, source))) for source in sources]
    return sorted(found, key=lambda each: each[1].casefold())
