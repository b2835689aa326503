"""Parts of a record's page that slices above it add: the cars on a customer's card, the visits on a car's."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import Flask, current_app

from webapp.core.database import session
from webapp.core.feature import Panel
from webapp.core.permissions import may


@dataclass(frozen=True)
class DrawnPanel:
    """A panel as the page includes it: the template reads `values`."""

    template: str
    values: Mapping[str, object]


def register(app: Flask, panels: Iterable[Panel]) -> None:
    app.extensions.setdefault("panels", []).extend(panels)


def panels_of(record: str, record_id: int) -> list[DrawnPanel]:
    """What the slices show of this record ("customers.customer", 42) to the person who asks, in its order."""
    known: list[Panel] = current_app.extensions.get("panels", [])
    mine = sorted((each for each in known if each.record == record and may(each.permission)), key=lambda p: p.position)
    return [DrawnPanel(each.template, each.load(session(), record_id)) for each in mine]
