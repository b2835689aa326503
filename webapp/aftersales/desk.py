"""What the form of a new booking shows: who calls, with which car, what it needs, and the times that are free."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from webapp.aftersales.absences import is_unreliable
from webapp.aftersales.models import ServiceVisit
from webapp.core.clock import now
from webapp.core.database import session
from webapp.core.errors import NotFound
from webapp.core.forms import Form, read_number
from webapp.core.permissions import RowScope, ScopeKind, actor_id, current_scope, may
from webapp.customers.models import Customer
from webapp.customers.queries import find_matches
from webapp.customers.services import find_by_phone, get_customer, get_customers
from webapp.kit.phones import is_phone, normalise_phone
from webapp.vehicles.models import CustomerCar
from webapp.vehicles.queries import find_matches as find_cars
from webapp.vehicles.services import find_by_plate, find_cars_of, find_cars_of_all, pass_on

SHORTEST_SEARCH = 3
MOST_CALLERS = 6


@dataclass(frozen=True)
class Caller:
    """Somebody who may be calling, with the car he may mean."""

    customer: Customer
    car: CustomerCar | None
    phone: str

    @property
    def key(self) -> str:
        return f"{self.customer.id}-{self.car.id if self.car else 0}"


@dataclass(frozen=True)
class Found:
    """The part of the form that says who calls: the hits, or the one who was chosen, or a new person."""

    form: Form
    text: str
    callers: Sequence[Caller]
    chosen: Caller | None
    unreliable: bool = False  # he has not come twice within a year
    more: bool = False  # others are meant too, who are not among the hits
    rival: CustomerCar | None = None  # the car with the typed plate, which is another customer's by our books

    @property
    def is_new(self) -> bool:
        """Whether nobody is known by what was typed, so that name and car are asked for."""
        return self.chosen is None and len(self.text.strip()) >= SHORTEST_SEARCH


def find_caller(values: Mapping[str, object]) -> Found:
    """Who may be calling by what was typed or chosen; the only hit for a very phone or plate is taken at once."""
    chosen_id = read_number(values.get("customer_id"))
    return replace(_find_caller(values), rival=find_rival(str(values.get("car_plate") or ""), chosen_id))


def _find_caller(values: Mapping[str, object]) -> Found:
    text = str(values.get("q") or "")
    chosen_id, car_id = read_number(values.get("customer_id")), read_number(values.get("car_id"))
    if chosen_id:
        return _found(values, text, _caller(chosen_id, car_id, text))
    callers = list_callers(text)
    exact = callers[0] if len(callers) == 1 and (is_phone(text) or any(map(str.isdigit, text))) else None
    if exact is not None:
        return _found(values, text, exact)
    shown = callers[:MOST_CALLERS]
    return Found(_fill(values, None), text, shown, None, more=len(callers) > len(shown))


def _found(values: Mapping[str, object], text: str, caller: Caller) -> Found:
    unreliable = is_unreliable(session(), caller.customer.id, now=now())
    return Found(_fill(values, caller), text, (), caller, unreliable)


def list_callers(text: str) -> list[Caller]:
    """Customers in reach with their cars, whom the text may mean; the very phone is found wherever its card belongs.

    One more than is shown, when there are more.
    """
    if len(text.strip()) < SHORTEST_SEARCH:
        return []
    scope = current_scope("customers.see") if may("customers.see") else RowScope(ScopeKind.OWN, actor_id())
    found: dict[str, Caller] = {}
    for car in find_cars(session(), text, scope=scope, limit=MOST_CALLERS + 1):
        _add(found, car.customer, car, "")
    ids = [hit.id for hit in find_matches(session(), text, scope=scope, limit=MOST_CALLERS + 1)]
    holder = find_by_phone(session(), normalise_phone(text)) if is_phone(text) else None
    if holder is not None:
        ids = [holder.id, *ids]
    known = {caller.customer.id for caller in found.values()}
    wanted = [number for number in dict.fromkeys(ids) if number not in known]
    cars = find_cars_of_all(session(), wanted)
    for customer in get_customers(session(), wanted):
        for each in cars.get(customer.id) or (None,):
            _add(found, customer, each, customer.phones[0].number if customer.phones else "")
    return list(found.values())[: MOST_CALLERS + 1]


def _add(found: dict[str, Caller], customer: Customer, car: CustomerCar | None, phone: str) -> None:
    caller = Caller(customer, car, phone)
    found.setdefault(caller.key, caller)


def require_reach(customer_id: int, text: str) -> Customer:
    """The customer, if he is in reach or his very phone was typed. NotFound: customer_unknown."""
    customer = get_customer(session(), customer_id)
    typed = normalise_phone(text) if is_phone(text) else ""
    if not may_know(customer) and typed not in {one.number for one in customer.phones}:
        raise NotFound("customer_unknown", f"There is no customer {customer_id}.", customer_id=customer_id)
    return customer


def _caller(customer_id: int, car_id: int | None, text: str) -> Caller:
    """The chosen customer with his car. NotFound: customer_unknown."""
    customer = require_reach(customer_id, text)
    cars = find_cars_of(session(), customer_id)
    car = next((each for each in cars if each.id == car_id), cars[0] if len(cars) == 1 else None)
    return Caller(customer, car, customer.phones[0].number if customer.phones else "")


def _fill(values: Mapping[str, object], caller: Caller | None) -> Form:
    filled = dict(values)
    filled["customer_id"] = caller.customer.id if caller else ""
    filled["car_id"] = caller.car.id if caller and caller.car else ""
    text = str(values.get("q") or "")
    if caller is None and is_phone(text):
        filled["phone"] = text
    elif caller is None and not filled.get("name") and text and not any(map(str.isdigit, text)):
        filled["name"] = text
    return Form(values=filled)


def car_answers(data: Mapping[str, Any]) -> dict[str, str]:
    """What the step asks of the car: of the chosen one, else as it was typed."""
    car = session().get(CustomerCar, data["car_id"]) if data["car_id"] else None
    if car is None or car.customer_id != data["customer_id"]:
        return {"plate": data["car_plate"] or "", "name": data["car_name"] or ""}
    return {"plate": car.plate, "vin": car.vin or "", "model": car.model_code or "", "name": car.description}


def find_rival(plate: str, customer_id: int | None) -> CustomerCar | None:
    """The car with this plate when by our books it is another's than the customer's."""
    if not plate.strip():
        return None
    cars = find_by_plate(session(), plate)
    return None if any(car.customer_id == customer_id for car in cars) else next(iter(cars), None)


def say_rival(car: CustomerCar) -> str:
    """Whose it is, as far as whoever asks may know."""
    if not may_know(car.customer):
        return str(_("By our books this is the car of another customer. Has it a new owner?"))
    return str(
        _(
            "By our books this is the car of %(name)s. Is it he who calls, or has it a new owner?",
            name=car.customer.name,
        )
    )


def may_know(customer: Customer) -> bool:
    scope = current_scope("customers.see") if may("customers.see") else RowScope(ScopeKind.OWN, actor_id())
    return scope.covers(customer.owner_id, customer.centre_id)


def pass_car_on(plate: str, visit: ServiceVisit, *, zone: ZoneInfo) -> None:
    """The car with this plate is the visitor's from today on. As of `pass_on`."""
    rival = find_rival(plate, visit.customer_id)
    if rival is not None:
        customer = get_customer(session(), visit.customer_id)
        pass_on(session(), rival, customer=customer, on=now().astimezone(zone).date(), actor_id=actor_id(), now=now())
