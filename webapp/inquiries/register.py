"""What the register's page shows: hits while typing, the card with everything prefilled, what was saved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.errors import UnknownDefinition
from webapp.core import formats
from webapp.core.choices import choice_sources
from webapp.core.clock import now
from webapp.core.database import session
from webapp.core.errors import NotFound
from webapp.core.forms import Form
from webapp.core.i18n import current_language
from webapp.core.permissions import RowScope, ScopeKind, actor_id, current_identity, current_scope, may, scope_if_any
from webapp.core.workflow import engine
from webapp.customers.card import OpenCase, list_open_cases
from webapp.customers.models import Customer
from webapp.customers.queries import Match, MatchKind, find_matches
from webapp.customers.services import find_by_phone, get_customer
from webapp.inquiries import labels, queries, services
from webapp.inquiries.models import Inquiry, InquiryChannel, Purpose
from webapp.inquiries.queries import Receiver
from webapp.inquiries.schemas import BY_HAND
from webapp.kit.phones import is_phone, normalise_phone
from webapp.kit.prompts import fill_prompt
from webapp.staff.models import User
from webapp.vehicles.queries import list_models

# process and step whose prompt is read out: to whoever asks about a car, calls the service, has come to it
SALE, SERVICE_CALL, SERVICE_GUEST = (
    ("sales_worksheet", "first_answer"),
    ("service_booking", "book_visit"),
    ("service_reception", "receive_car"),
)
SHORTEST_SEARCH = 2
CAMPAIGNS = "campaigns.running"  # the source of campaigns that a caller may name


@dataclass(frozen=True)
class Card:
    """The right half of the register: whom it is about, what is known, and the form with its choices."""

    form: Form
    customer: Customer | None
    manager: str
    manager_here: Receiver | None
    open_cases: Sequence[OpenCase]
    prompt: str
    receivers: Sequence[Receiver]
    purposes: Sequence[tuple[str, object]]
    channels: Sequence[tuple[str, object]]
    models: Sequence[tuple[str, str]]
    sources: Sequence[tuple[str, str]]
    source_hint: bool  # the source comes from the dialled number
    line: str  # of the dialled number: what the advert is
    campaigns: Sequence[tuple[str, str]]  # whose answers count now: code and name

    @property
    def lists_missing(self) -> str:
        """Why nothing can be registered while there are no sources, and who mends it."""
        return str(labels.LISTS_MISSING)


@dataclass(frozen=True)
class Saved:
    """What has become of a registration."""

    inquiry: Inquiry
    case: OpenCase | None


def first_form(given: Mapping[str, str]) -> Form:
    """The form as it opens. The telephone knows who calls and which of our numbers he dialled."""
    phone = given.get("phone", "")
    if is_phone(phone):
        phone = normalise_phone(phone)
    values = {
        "q": given.get("q") or (formats.format_phone(phone) if phone else ""),
        "phone": phone,
        "customer_id": given.get("customer", ""),
        "dialled_number": given.get("dialled", ""),
        "channel": given.get("channel", InquiryChannel.CALL.value),
        "purpose": Purpose.NEW_CAR.value,
    }
    return Form(values=values)


def find_hits(text: str, phone: str = "") -> list[Match]:
    """Customers in reach whom the text may mean; the very phone is found wherever its card belongs.

    `phone`: the number that calls, if the telephone told it.
    """
    if len(text.strip()) < SHORTEST_SEARCH and not phone:
        return []
    scope = current_scope("customers.see") if may("customers.see") else RowScope(ScopeKind.OWN, actor_id())
    hits = find_matches(session(), text, scope=scope)
    number = next((normalise_phone(each) for each in (phone, text) if is_phone(each)), "")
    holder = find_by_phone(session(), number) if number else None
    if holder is not None and not any(hit.kind is MatchKind.SAME_PHONE for hit in hits):
        hits = [hit for hit in hits if hit.id != holder.id]
        hits.insert(0, Match(holder.id, holder.name, number, MatchKind.SAME_PHONE, bool(holder.company_name)))
    return hits


def customer_in_reach(customer_id: int, values: Mapping[str, object]) -> Customer:
    """The chosen customer: one in reach, or the one whose very phone was given. Raises NotFound for others."""
    customer = get_customer(session(), customer_id)
    scope = current_scope("customers.see") if may("customers.see") else RowScope(ScopeKind.OWN, actor_id())
    given = {
        normalise_phone(text) for text in (str(values.get(name) or "") for name in ("phone", "q")) if is_phone(text)
    }
    if scope.covers(customer.owner_id, customer.centre_id) or any(each.number in given for each in customer.phones):
        return customer
    raise NotFound("customer_unknown", f"There is no customer {customer_id}.", customer_id=customer_id)


def exact_match(hits: Sequence[Match], form: Form) -> int | None:
    """The customer whose phone was dialled in full; none once a refusal has come back with errors."""
    return None if form.errors else next((hit.id for hit in hits if hit.kind is MatchKind.SAME_PHONE), None)


def complete_from_search(form: Form) -> None:
    """Without the script the one input on top may hold what the card's own inputs lack."""
    if form.ok and not (form.data["customer_id"] or form.data["phone"] or form.data["name"]):
        typed = form.data["q"] or ""
        form.data["phone" if is_phone(typed) else "name"] = typed or None


def card(form: Form, customer_id: int | None) -> Card:
    """The card of this customer, or of a new person, with everything prefilled that is known."""
    customer = customer_in_reach(customer_id, form.values) if customer_id else None
    purpose = _purpose(form)
    here = form.values.get("channel") == InquiryChannel.WALK_IN
    chosen = receivers(purpose)
    advert = services.propose_source(session(), str(form.values.get("dialled_number") or ""))
    language = current_language()
    manager, manager_here = _manager(customer, chosen)
    values = dict(form.values)
    values["customer_id"] = customer.id if customer else ""
    if advert is not None and not values.get("campaign"):
        values["campaign"] = advert.campaign
    values.setdefault("channel", InquiryChannel.CALL.value)
    values["purpose"] = purpose.value
    if advert is not None and not values.get("source_code"):
        values["source_code"] = advert.source_code
    named = str(values.get("handed_to") or "")
    if not any(str(each.id) == named for each in chosen):
        waits = purpose is not Purpose.SERVICE or here
        values["handed_to"] = _proposed_receiver(
            customer, chosen if waits else [each for each in chosen if each.id == actor_id()]
        )
    return Card(
        form=Form(values=values, errors=form.errors),
        customer=customer,
        manager=manager,
        manager_here=manager_here,
        open_cases=list_open_cases(session(), customer.id, reach=scope_if_any("cases.see")) if customer else (),
        prompt=_greeting(purpose, here=here),
        receivers=chosen,
        purposes=[(purpose.value, title) for purpose, title in labels.PURPOSES.items()],
        channels=[(channel.value, labels.CHANNELS[channel]) for channel in BY_HAND],
        models=[(model.code, model.full_name) for model in list_models(session())],
        sources=[(source.code, source.name_in(language)) for source in queries.list_sources(session())],
        source_hint=advert is not None and values["source_code"] == advert.source_code,
        line=", ".join(filter(None, (advert.source.name_in(language), advert.campaign))) if advert else "",
        campaigns=_running_campaigns(language),
    )


def _running_campaigns(language: str) -> list[tuple[str, str]]:
    """What a slice above offers under CAMPAIGNS; nothing where there is none, or none runs."""
    source = choice_sources().get(CAMPAIGNS)
    return [(each.value, each.label) for each in source.list_choices(session(), language)] if source else []


def receivers(purpose: Purpose = Purpose.NEW_CAR) -> list[Receiver]:
    """Sellers, or service advisors, where this person may register; who is here and has the least to do comes first."""
    role = queries.ADVISOR if purpose is Purpose.SERVICE else queries.SELLER
    scope = current_scope("inquiries.see") if may("inquiries.see") else current_scope("inquiries.add")
    return queries.list_receivers(session(), centre_ids=scope.held_in or None, now=now(), role=role)


def centre_of(purpose: Purpose, receiver_id: int | None, dialled_number: str | None) -> int | None:
    """The centre a contact belongs to: the receiver's, that of the dialled line, or one's own."""
    found = next((each.centre_id for each in receivers(purpose) if each.id == receiver_id), None)
    if found is None and dialled_number:
        advert = services.propose_source(session(), dialled_number)
        found = advert.centre_id if advert else None
    if found is None:
        held = current_scope("inquiries.add").held_in
        found = next(iter(held)) if len(held) == 1 else None
    return found


def describe_saved(inquiry_id: int | None) -> Saved | None:
    """The inquiry that was just registered by this person, and its case."""
    inquiry = queries.find_inquiry(session(), inquiry_id) if inquiry_id else None
    if inquiry is None or not queries.reaches(current_scope("inquiries.see"), inquiry):
        return None
    cases: Sequence[OpenCase] = ()
    if inquiry.customer_id and inquiry.case_key:
        cases = list_open_cases(session(), inquiry.customer_id, reach=scope_if_any("cases.see"))
    return Saved(inquiry, next((case for case in cases if case.key == inquiry.case_key), None))


def _proposed_receiver(customer: Customer | None, chosen: Sequence[Receiver]) -> int | str:
    """His own manager, or that one's deputy; else the seller who is here and has the least to do; else oneself."""
    mine = actor_id()
    by_id = {each.id: each for each in chosen}
    if customer is not None and customer.owner_id in by_id:
        owner = by_id[customer.owner_id]
        deputy = owner.deputy_id if owner.busy_until else None
        return deputy if deputy is not None and deputy in by_id else owner.id
    if mine in by_id:
        return mine
    free = next((each for each in chosen if each.busy_until is None), None)
    return free.id if free else ""


def _manager(customer: Customer | None, chosen: Sequence[Receiver]) -> tuple[str, Receiver | None]:
    """Whose customer he is, and whether that one can be reached now."""
    if customer is None or customer.owner_id is None:
        return "", None
    reachable = next((each for each in chosen if each.id == customer.owner_id), None)
    if reachable is not None:
        return reachable.name, reachable
    owner = session().get(User, customer.owner_id)
    return owner.name if owner else "", None


def _purpose(form: Form) -> Purpose:
    given = str(form.values.get("purpose") or "")
    return Purpose(given) if given in set(Purpose) else Purpose.NEW_CAR


def _greeting(purpose: Purpose, *, here: bool) -> str:
    """What to say first; nothing where no process of ours begins."""
    if not (purpose.is_sale or purpose is Purpose.SERVICE):
        return ""
    process, element = SALE if purpose.is_sale else SERVICE_GUEST if here else SERVICE_CALL
    try:
        model = engine().store.latest(session(), process).model
    except UnknownDefinition:
        return ""
    step = model.elements.get(element)
    me = current_identity()
    centre = queries.centre_name(session(), current_scope("inquiries.add").held_in)
    known = {"user": me.name if me else "", "centre": centre}
    return fill_prompt(step.prompt.in_language(current_language()), known) if step else ""
