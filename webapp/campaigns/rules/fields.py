"""What a rule may ask of a customer, and with which operators."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from webapp.core.feature import Text


class Operator(StrEnum):
    BETWEEN = "between"  # both ends included, either may be open
    IN = "in"
    NOT_IN = "not_in"
    WITHIN = "within"  # the last n days
    OLDER = "older"  # happened, but more than n days ago
    NEVER = "never"


class Kind(StrEnum):
    RANGE = "range"
    CHOICE = "choice"
    DAYS = "days"


class Topic(StrEnum):
    """The headings under which the builder offers its fields."""

    PERSON = "person"
    CAR = "car"
    RELATION = "relation"
    CONSENT = "consent"


TOPICS: Mapping[Topic, Text] = {
    Topic.PERSON: _l("The customer"),
    Topic.CAR: _l("His car"),
    Topic.RELATION: _l("What was between us"),
    Topic.CONSENT: _l("Consents and tags"),
}
OPERATORS: Mapping[Kind, tuple[Operator, ...]] = {
    Kind.RANGE: (Operator.BETWEEN,),
    Kind.CHOICE: (Operator.IN, Operator.NOT_IN),
    Kind.DAYS: (Operator.WITHIN, Operator.OLDER, Operator.NEVER),
}
OPERATOR_TITLES: Mapping[Operator, Text] = {
    Operator.IN: _l("is one of"),
    Operator.NOT_IN: _l("is none of"),
    Operator.WITHIN: _l("in the last"),
    Operator.OLDER: _l("longer ago than"),
    Operator.NEVER: _l("never"),
}


@dataclass(frozen=True)
class Field:
    """One thing that is known of customers. `unit` stands behind the numbers of a range, `most` is its largest."""

    name: str
    kind: Kind
    title: Text
    topic: Topic
    unit: Text = ""
    most: int = 150

    @property
    def operators(self) -> tuple[Operator, ...]:
        return OPERATORS[self.kind]


_ALL = (
    Field("kind", Kind.CHOICE, _l("Person or company"), Topic.PERSON),
    Field("sex", Kind.CHOICE, _l("Sex"), Topic.PERSON),
    Field("age", Kind.RANGE, _l("Age"), Topic.PERSON, _l("years")),
    Field("centre", Kind.CHOICE, _l("Home centre"), Topic.PERSON),
    Field("brand", Kind.CHOICE, _l("Make of the car"), Topic.CAR),
    Field("model", Kind.CHOICE, _l("Model of the car"), Topic.CAR),
    Field("car_age", Kind.RANGE, _l("Age of the car"), Topic.CAR, _l("years")),
    Field("bought_here", Kind.CHOICE, _l("Where the car was bought"), Topic.CAR),
    Field("lifecycle", Kind.CHOICE, _l("Segment of the base"), Topic.RELATION),
    Field("spent", Kind.RANGE, _l("Money spent with us"), Topic.RELATION, "₽", 10**12),
    Field("serviced", Kind.RANGE, _l("Paid for service"), Topic.RELATION, "₽", 10**12),
    Field("service_visits", Kind.RANGE, _l("Visits to the service"), Topic.RELATION, _lp("number of", "visits")),
    Field("bought", Kind.RANGE, _l("Cars bought from us"), Topic.RELATION, _l("cars")),
    Field("last_visit", Kind.DAYS, _l("Last visit"), Topic.RELATION),
    Field("last_contact", Kind.DAYS, _l("Last contact"), Topic.RELATION),
    Field("source", Kind.CHOICE, _l("Source of the first contact"), Topic.RELATION),
    Field("campaign", Kind.CHOICE, _l("Written to in a campaign"), Topic.RELATION),
    Field("consent", Kind.CHOICE, _l("Agrees to advertising by"), Topic.CONSENT),
    Field("tag", Kind.CHOICE, _l("Tag"), Topic.CONSENT),
)
FIELDS: Mapping[str, Field] = {field.name: field for field in _ALL}
CAR_FIELDS = frozenset(field.name for field in _ALL if field.topic is Topic.CAR)
