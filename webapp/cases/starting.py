"""Starting a process by hand: what may be started, and the case that comes of it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from engine import case_data
from engine.definitions.model import ProcessModel
from engine.definitions.store import Definition
from engine.instances.models import CaseData, ProcessInstance
from webapp.core.errors import NotFound, RuleViolation
from webapp.core.feature import CaseLabel
from webapp.core.i18n import current_language
from webapp.core.permissions import RowScope
from webapp.core.workflow import engine
from webapp.staff.models import User
from webapp.staff.queries import find_centres

BY_HAND = "cases.case"  # business keys of cases that belong to no other record
SHORTEST = 3  # letters by which somebody looks for a case
SUBJECT = "subject"  # in the document, under the start event
ERRAND = "errand"  # the shipped process by which anybody asks a colleague for something


@dataclass(frozen=True)
class Startable:
    """A published process that somebody may start himself; `question`: what its start event asks him."""

    key: str
    name: str
    question: str = ""


def list_startable(session: Session) -> list[Startable]:
    """Live processes with a plain start event, by name; those that only serve others as a part are left out."""
    language = current_language()
    found = [
        Startable(
            definition.key,
            definition.model.name.in_language(language) or definition.key,
            next(definition.model.starts()).prompt.in_language(language),
        )
        for definition in _begun_by_hand(engine().store.live(session))
    ]
    return sorted(found, key=lambda each: each.name)


def something_starts(session: Session) -> bool:
    """Whether there is anything to start: asked by every page, hence answered from what is in memory."""
    return bool(_begun_by_hand(engine().store.last_seen(session)))


def errand_starts(session: Session) -> bool:
    """Whether a task can be given to a colleague: asked by every page as well."""
    return any(each.key == ERRAND for each in _begun_by_hand(engine().store.last_seen(session)))


def _begun_by_hand(live: Sequence[Definition]) -> list[Definition]:
    parts = {key for definition in live for key in definition.called}
    return [each for each in live if each.key not in parts and begins_by_hand(each.model)]


def begins_by_hand(model: ProcessModel) -> bool:
    """Whether its one start event waits for nothing: no message, no time."""
    starts = list(model.starts())
    return len(starts) == 1 and starts[0].event is None


def list_centres(session: Session, reach: RowScope) -> list[tuple[int, str]]:
    """The centres in which this person may start something."""
    return [(centre.id, centre.name) for centre in find_centres(session) if centre.id in reach.held_in]


def start_case(
    session: Session,
    process: str,
    *,
    subject: str,
    centre_id: int | None,
    command_key: str,
    reach: RowScope,
    actor_id: int,
    now: datetime,
) -> int:
    """Open a case that belongs to the person; the number of the case. The same command again opens no second one.

    NotFound: process_not_startable; RuleViolation: case_centre_missing, centre_unknown.
    """
    if process not in {each.key for each in list_startable(session)}:
        raise NotFound("process_not_startable", f"Process {process} cannot be started by hand.")
    centres = [each for each, _name in list_centres(session, reach)]
    if centre_id is None and len(centres) == 1:
        centre_id = centres[0]
    if centre_id is None and centres:
        raise RuleViolation("case_centre_missing", "Choose a centre of the list.")
    if centre_id is not None and centre_id not in centres:
        raise RuleViolation("centre_unknown", "Choose a centre of the list.")
    key = _business_key(actor_id, command_key)
    known = session.scalar(select(ProcessInstance.id).where(ProcessInstance.business_key == key))
    if known is not None:
        return known
    result = engine().start(
        session,
        process,
        business_key=key,
        payload={SUBJECT: subject},
        actor_id=actor_id,
        now=now,
        scope_id=centre_id,
        owner_id=actor_id,
    )
    return result.instance_id


def describe_started(session: Session, ids: Sequence[int]) -> Mapping[int, CaseLabel]:
    """What the case is about, as its starter put it, or the process; then whose it is."""
    keys = {f"{BY_HAND}:{number}": number for number in ids}
    rows = session.execute(
        select(
            ProcessInstance.id,
            ProcessInstance.business_key,
            ProcessInstance.definition_id,
            CaseData.document,
            User.name.label("owner"),
        )
        .join(CaseData, CaseData.instance_id == ProcessInstance.id)
        .outerjoin(User, User.id == ProcessInstance.owner_id)
        .where(ProcessInstance.business_key.in_(sorted(keys)))
    )
    labels = {}
    for row in rows:
        model = engine().store.get(session, row.definition_id).model
        begun = case_data.load(row.document).get(next(model.starts()).id)
        subject = str(begun.get(SUBJECT, "")) if isinstance(begun, dict) else ""
        name = model.name.in_language(current_language()) or model.key
        detail = f"{row.owner} · #{row.id}" if row.owner else f"#{row.id}"
        labels[keys[row.business_key]] = CaseLabel(title=subject or name, detail=detail)
    return labels


def started_meant(text: str) -> Select[str] | None:
    """Cases that were started by hand about something with these words, in either case of their first letter."""
    words = text.split()
    if not words or len(text) < SHORTEST:
        return None
    spelled = [or_(*(CaseData.document.contains(each, autoescape=True) for each in _spellings(word))) for word in words]
    return (
        select(ProcessInstance.business_key)
        .join(CaseData, CaseData.instance_id == ProcessInstance.id)
        .where(ProcessInstance.business_key.startswith(f"{BY_HAND}:"), *spelled)
    )


def _spellings(word: str) -> set[str]:
    """The database folds ASCII only."""
    return {word, word.lower(), word.upper(), word.capitalize()}


def _business_key(actor_id: int, command_key: str) -> str:
    digest = hashlib.sha256(f"{actor_id}:{command_key}".encode()).digest()
    return f"{BY_HAND}:{int.from_bytes(digest[:7])}"
