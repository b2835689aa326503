"""The engine as the application knows it, and how its cases are called on screen."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Flask, current_app
from sqlalchemy.orm import Session

from engine.human_tasks.assignment import Actor
from engine.operations import Operation, OperationSet
from webapp.core.errors import Forbidden
from webapp.core.feature import CaseLabel, DescribeCases
from webapp.core.permissions import current_identity

ENGINE = "workflow"


def install(app: Flask, engine: Any) -> None:
    """Make the engine reachable by `engine()`; called by the composition root."""
    app.extensions[ENGINE] = engine


def engine() -> Any:
    """The engine of this application (engine.runtime.Engine)."""
    return current_app.extensions[ENGINE]


def current_actor() -> Actor:
    """The person who is signed in, as the engine judges whether a task is his."""
    identity = current_identity()
    if identity is None:
        raise Forbidden("not_signed_in")
    return identity.actor()


def register_operations(app: Flask, declared: OperationSet) -> None:
    operations(app).update(declared.operations)


def operations(app: Flask) -> dict[str, Operation]:
    """Every operation a drawing may name, by its full name."""
    known: dict[str, Operation] = app.extensions.setdefault("operations", {})
    return known


def register_case_labels(app: Flask, labels: Mapping[str, DescribeCases]) -> None:
    app.extensions.setdefault("case_labels", {}).update(labels)


def describe_cases(session: Session, business_keys: Iterable[str]) -> dict[str, CaseLabel]:
    """Labels by business key ("sales.worksheet:42"), with one question per kind of record."""
    wanted: defaultdict[str, list[int]] = defaultdict(list)
    labels: dict[str, CaseLabel] = {}
    for key in business_keys:
        prefix, _, number = key.rpartition(":")
        labels[key] = CaseLabel(title=key)
        if number.isdigit():
            wanted[prefix].append(int(number))
    known: Mapping[str, DescribeCases] = current_app.extensions.get("case_labels", {})
    for prefix, ids in wanted.items():
        if prefix in known:
            labels |= {f"{prefix}:{number}": label for number, label in known[prefix](session, ids).items()}
    return labels
