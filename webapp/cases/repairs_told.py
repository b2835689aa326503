"""What was done to a case by hand, as its chronicle and the funnel tell it."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine import case_data
from engine.definitions.store import Definition
from engine.history.models import HistoryEvent
from webapp.cases.labels import outcome_text
from webapp.core.i18n import current_language
from webapp.core.workflow import engine
from webapp.kit.answers import Answer

REPAIRS = frozenset(
    {
        "step_moved",
        "element_passed_over",
        "data_edited",
        "case_cancelled",
        "case_restarted",
        "case_reopened",
        "milestone_taken_back",
    }
)
MOVES = ("step_moved", "case_cancelled", "case_restarted", "case_reopened")  # what changes where a case stands


def repair_told(
    kind: str, payload: Mapping[str, Any], step: str, definition: Definition, language: str
) -> tuple[str, str]:
    """The sentence for a repair, and why it was done. `step`: what the element of the event is called."""
    reason = str(payload.get("reason") or "")
    if kind == "step_moved":
        left = definition.find(str(payload.get("from") or ""))
        before = (left.name.in_language(language) if left else "") or str(payload.get("from") or "–")
        return _("Moved by hand: from “%(before)s” to “%(step)s”", before=before, step=step), reason
    if kind == "element_passed_over":
        return _("Passed over after a failure: %(step)s", step=step), reason
    if kind == "data_edited":
        return _("Data edited: %(step)s", step=step), reason
    if kind == "case_cancelled":
        outcome = outcome_text(payload.get("outcome"))
        return _("Case cancelled: %(outcome)s", outcome=outcome), reason
    if kind == "case_restarted":
        return (_("Begun anew, answers dropped") if payload.get("cleared") else _("Begun anew")), reason
    if kind == "milestone_taken_back":
        return _("Milestone taken back: %(milestone)s", milestone=step), reason
    if payload.get("restarted"):
        return _("Case reopened from the beginning"), reason
    return (_("Case reopened at “%(step)s”", step=step) if step else _("Case reopened")), reason


def latest_repairs(session: Session, instance_ids: Iterable[int]) -> dict[int, str]:
    """The last time that each of these cases was moved, begun anew or reopened by hand, and why. One statement."""
    ids = sorted(set(instance_ids))
    if not ids:
        return {}
    newest = (
        select(func.max(HistoryEvent.seq))
        .where(HistoryEvent.instance_id.in_(ids), HistoryEvent.kind.in_(MOVES))
        .group_by(HistoryEvent.instance_id)
    )
    language, told = current_language(), {}
    for event in session.scalars(select(HistoryEvent).where(HistoryEvent.seq.in_(newest))):
        definition = engine().store.get(session, event.definition_id)
        element = definition.find(event.element) if event.element else None
        step = (element.name.in_language(language) if element else "") or event.element or ""
        sentence, reason = repair_told(event.kind, case_data.load(event.payload), step, definition, language)
        told[event.instance_id] = f"{sentence}: {reason}" if reason else sentence
    return told


def resolution_told(payload: Mapping[str, Any]) -> tuple[str, str]:
    """How a failed step came to its end."""
    reason = str(payload.get("reason") or "")
    how = payload.get("how")
    if how == "skipped":
        return _("The failed step was passed over"), reason
    if how == "given_up":
        return _("The failed step was given up"), reason
    if how == "overtaken":
        return _("The failed step is no longer needed"), reason
    return _("The failed step went through"), ""


def values_told(payload: Mapping[str, Any]) -> list[Answer]:
    """Values without a form, as they stand now and as they stood before."""
    found = []
    for name, value in payload.get("after", {}).items():
        found.append(Answer(name, _shown(value), name))
        before = payload.get("before", {}).get(name)
        found.append(Answer(_("%(field)s, before", field=name), _shown(before), name))
    return found


def _shown(value: object) -> str:
    return "–" if value is None else str(value)
