"""The engine as the application knows it, and how its cases are called on screen."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from flask import Flask, current_app
from sqlalchemy import CTE, Select, union_all
from sqlalchemy.orm import Session

from engine.errors import UnknownDefinition
from engine.history.export.naming import CaseObject
from engine.human_tasks.assignment import Actor, StaffDirectory
from engine.human_tasks.form_values import Reading
from engine.kernel import FindFile, Kernel
from engine.operations import Operation, OperationSet
from engine.runtime import Engine
from webapp.core.choices import ChoiceSource, choice_sources
from webapp.core.clock import now
from webapp.core.database import session
from webapp.core.errors import Forbidden
from webapp.core.feature import (
    CaseFacts,
    CaseLabel,
    CaseMoney,
    CaseObjects,
    CaseRecordValues,
    DescribeCases,
    Dimension,
    Fact,
    Feature,
    FindCases,
    PageQuestion,
)
from webapp.core.i18n import current_language, current_zone
from webapp.core.permissions import current_identity

ENGINE = "workflow"
QUESTIONS = "questions of pages"


def install(
    app: Flask,
    features: Sequence[Feature],
    directory: Callable[[Session], StaffDirectory],
    find_file: FindFile,
) -> None:
    """Build the engine from what the features declare; called by the composition root."""
    kernel = Kernel(
        operations=operations(app),
        directory=directory,
        text_kinds={kind: read for feature in features for kind, read in feature.text_kinds.items()},
        find_file=find_file,
        asks={each.decision: frozenset(each.inputs) for feature in features for each in feature.asks},
        listeners=[listener for feature in features for listener in feature.step_listeners],
        incident_listeners=[listener for feature in features for listener in feature.incident_listeners],
    )
    app.extensions[ENGINE] = Engine(kernel)
    app.extensions[QUESTIONS] = tuple(each for feature in features for each in feature.asks)


def page_questions() -> Sequence[PageQuestion]:
    """What pages ask tables."""
    found: Sequence[PageQuestion] = current_app.extensions[QUESTIONS]
    return found


def engine() -> Engine:
    """The engine of this application."""
    built: Engine = current_app.extensions[ENGINE]
    return built


def live_decision(decision: str) -> Callable[[Mapping[str, object]], object]:
    """Asks a decision as it is published now, for a page; one statement, however often it is asked.

    Steps ask through the context of their operation, which keeps why. The answer is None as well while no decision of
    this name is published.
    """
    store, moment = engine().store, now()
    store.refresh(session())
    try:
        found = store.decision(session(), decision)
    except UnknownDefinition:
        return lambda given: None
    return lambda given: found.model.evaluate(found.id, given, now=moment)


def current_actor() -> Actor:
    """The person who is signed in, as the engine judges whether a task is his."""
    identity = current_identity()
    if identity is None:
        raise Forbidden("not_signed_in")
    return identity.actor()


def reading() -> Reading:
    """How what the person typed into a step is read: his zone, our kinds of text, the records he may choose."""
    known = choice_sources()
    return Reading(
        now=now(),
        zone=current_zone(),
        kinds=engine().kernel.text_kinds,
        knows=lambda source, value: source in known and known[source].knows(session(), value),
    )


class Labels(dict[str, str]):
    """Labels by value; a value that is not offered any more is told by its source, if it can."""

    def __init__(self, offered: Mapping[str, str], source: ChoiceSource) -> None:
        super().__init__(offered)
        self._source = source

    def __missing__(self, value: str) -> str:
        if self._source.tell is None:
            raise KeyError(value)
        return self._source.tell(session(), current_language(), value)


def source_choices(source: str) -> Mapping[str, str]:
    """Value and label of what may be chosen from a source, for this reader."""
    known = choice_sources()
    if source not in known:
        return {}
    offered = {each.value: each.label for each in known[source].list_choices(session(), current_language())}
    return Labels(offered, known[source])


def register_operations(app: Flask, declared: OperationSet) -> None:
    operations(app).update(declared.operations)


def operations(app: Flask) -> dict[str, Operation]:
    """Every operation a drawing may name, by its full name."""
    known: dict[str, Operation] = app.extensions.setdefault("operations", {})
    return known


def register_dimensions(app: Flask, declared: Mapping[str, Dimension]) -> None:
    app.extensions.setdefault("dimensions", {}).update(declared)


def known_dimensions() -> Mapping[str, Dimension]:
    """Those that slices name."""
    known: Mapping[str, Dimension] = current_app.extensions.get("dimensions", {})
    return known


def dimension(name: str) -> Dimension:
    """What a dimension of cases is called; one that no slice knows keeps the name that the drawing gave it."""
    return known_dimensions().get(name) or Dimension(name.replace("_", " ").capitalize())


def register_case_labels(app: Flask, labels: Mapping[str, DescribeCases]) -> None:
    app.extensions.setdefault("case_labels", {}).update(labels)


def register_case_finders(app: Flask, finders: Sequence[FindCases]) -> None:
    app.extensions.setdefault("case_finders", []).extend(finders)


def keys_meant(text: str) -> list[Select[str]]:
    """Business keys of the cases that this text may mean, as each slice knows its records."""
    finders: Sequence[FindCases] = current_app.extensions.get("case_finders", ())
    return [found for found in (find(text) for find in finders) if found is not None]


def register_case_facts(app: Flask, facts: Mapping[str, CaseFacts]) -> None:
    app.extensions.setdefault("case_facts", {}).update(facts)


def case_facts(session: Session, business_key: str) -> Sequence[Fact]:
    """What the case's record knows, for the side of the case page."""
    prefix, _, number = business_key.rpartition(":")
    known: Mapping[str, CaseFacts] = current_app.extensions.get("case_facts", {})
    return known[prefix](session, int(number)) if prefix in known and number.isdigit() else ()


def register_case_values(app: Flask, values: Mapping[str, CaseRecordValues]) -> None:
    app.extensions.setdefault("case_values", {}).update(values)


def record_values(session: Session, business_key: str) -> Mapping[str, object]:
    """What a form may read of the case's record, under the name `record`."""
    prefix, _, number = business_key.rpartition(":")
    known: Mapping[str, CaseRecordValues] = current_app.extensions.get("case_values", {})
    return known[prefix](session, int(number)) if prefix in known and number.isdigit() else {}


def register_case_money(app: Flask, money: Mapping[str, CaseMoney]) -> None:
    app.extensions.setdefault("case_money", {}).update(money)


def money_of_cases() -> CTE | None:
    """What cases brought, of every slice that knows: business_key, at, revenue, profit; None when no slice does.

    It is worked out once for a statement: keys are made up of numbers, so that no index leads from a case to its money.
    """
    known: Mapping[str, CaseMoney] = current_app.extensions.get("case_money", {})
    statements = [build() for _, build in sorted(known.items())]
    if not statements:
        return None
    whole = union_all(*statements) if len(statements) > 1 else statements[0]
    return whole.cte("money").prefix_with("MATERIALIZED")


def register_case_objects(app: Flask, objects: Mapping[str, CaseObjects]) -> None:
    app.extensions.setdefault("case_objects", {}).update(objects)


def case_objects(session: Session, business_keys: Iterable[str]) -> dict[str, Sequence[CaseObject]]:
    """What cases are about, by business key, with one question per kind of record."""
    known: Mapping[str, CaseObjects] = current_app.extensions.get("case_objects", {})
    found: dict[str, Sequence[CaseObject]] = {}
    for prefix, ids in _by_prefix(business_keys).items():
        if prefix in known:
            found |= {f"{prefix}:{number}": objects for number, objects in known[prefix](session, ids).items()}
    return found


def _by_prefix(business_keys: Iterable[str]) -> Mapping[str, list[int]]:
    wanted: defaultdict[str, list[int]] = defaultdict(list)
    for key in business_keys:
        prefix, _, number = key.rpartition(":")
        if number.isdigit():
            wanted[prefix].append(int(number))
    return wanted


def describe_cases(session: Session, business_keys: Iterable[str]) -> dict[str, CaseLabel]:
    """Labels by business key ("sales.worksheet:42"), with one question per kind of record."""
    keys = list(business_keys)
    labels = {key: CaseLabel(title=key) for key in keys}
    known: Mapping[str, DescribeCases] = current_app.extensions.get("case_labels", {})
    for prefix, ids in _by_prefix(keys).items():
        if prefix in known:
            labels |= {f"{prefix}:{number}": label for number, label in known[prefix](session, ids).items()}
    return labels
