"""Drafts: opened from what is live, held by one page at a time, saved as drawn, checked like a publication."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import Session

from engine.definitions.decision_files import read_model
from engine.definitions.examining import Examined, examine
from engine.definitions.limits import MAX_BYTES
from engine.definitions.model import ProcessModel
from engine.definitions.models import DecisionDefinition, FormDefinition, ProcessDefinition
from engine.definitions.parsing import read_processes
from engine.definitions.problems import DefinitionRejected, Problem
from engine.definitions.xml import read_xml
from engine.errors import BusinessError
from engine.human_tasks.forms import read_form
from engine.kernel import Kernel
from engine.persistence import insert_for, table_of
from webapp.core.errors import Conflict, NotFound, RuleViolation
from webapp.core.operation_names import operation_title
from webapp.studio.departments.rules import DEPARTMENTS, check_drawer, department_of, rules_of
from webapp.studio.models import Draft, DraftAuthor, DraftKind, RunningScript
from webapp.studio.titles import decisions_title, form_title

Row = TypeVar("Row", ProcessDefinition, FormDefinition, DecisionDefinition)

MAX_KEY = 120
KEY_PART = re.compile(r"[\w-][\w.-]*")  # keys become names of files
HELD_FOR = timedelta(seconds=45)  # the page asks for more every fifteen


@dataclass(frozen=True)
class Live:
    """The newest published text of a file."""

    key: str
    path: str
    version: int
    text: str


def live_text(session: Session, kind: DraftKind, key: str) -> Live | None:
    """What is published under this key. For a process: the file that holds it, by the first process of the file."""
    if kind is DraftKind.FORM:
        form = session.scalar(_newest(FormDefinition, key))
        return None if form is None else Live(key, f"forms/{key}.form", form.version, form.body)
    if kind is DraftKind.DECISION:
        decisions = session.scalar(_newest(DecisionDefinition, key))
        if decisions is None:
            return None
        return Live(key, decisions.source or f"processes/{key}.dmn", decisions.version, decisions.xml)
    process = session.scalar(_newest(ProcessDefinition, key))
    if process is None:
        return None
    first = _first_process(process.xml) or key
    version = process.version if first == key else session.scalars(_newest(ProcessDefinition, first)).one().version
    return Live(first, process.source or f"processes/{first}.bpmn", version, process.xml)


def draft_of(session: Session, draft_id: int) -> Draft:
    """Raises NotFound."""
    found = session.get(Draft, draft_id)
    if found is None:
        raise NotFound("draft_unknown")
    return found


def find_draft(session: Session, kind: DraftKind, key: str) -> Draft | None:
    return session.scalar(select(Draft).where(Draft.kind == kind, Draft.key == key))


def open_draft(session: Session, kind: DraftKind, key: str, *, actor_id: int | None, now: datetime) -> Draft:
    """The draft that there is, else a new one of what is live. Raises NotFound if there is neither."""
    found = live_text(session, kind, key)
    if found is None:
        drawn = find_draft(session, kind, key)
        if drawn is None:
            raise NotFound("nothing_live")
        return drawn
    known = find_draft(session, kind, found.key)
    return known or _begin(session, kind, found.key, found.path, found.text, found.version, actor_id, now)


def new_draft(session: Session, kind: DraftKind, path: str, text: str, *, actor_id: int | None, now: datetime) -> Draft:
    """A draft of a text that comes from outside. Raises RuleViolation where it cannot be opened, Conflict if its key
    is being drawn already."""
    key = key_to_draw(kind, text)
    if find_draft(session, kind, key) is not None:
        raise Conflict("draft_exists", key=key)
    live = live_text(session, kind, key)
    version = live.version if live is not None else None
    return _begin(session, kind, key, live.path if live else path, text, version, actor_id, now)


def key_to_draw(kind: DraftKind, text: str) -> str:
    """What a text from outside calls itself. Raises RuleViolation where the editor could not show it."""
    key = key_of(kind, text)
    if kind is DraftKind.PROCESS and not any(model.drawn for model in models_of_text(text)):
        raise RuleViolation("draft_without_picture")
    return key


def key_of(kind: DraftKind, text: str) -> str:
    """What a text calls itself. Raises DefinitionRejected or RuleViolation where it cannot be told."""
    if kind is DraftKind.FORM:
        key = read_form(text).key
    elif kind is DraftKind.DECISION:
        key = read_model(text).id
    else:
        key = _first_process(text) or ""
    if not key:
        raise RuleViolation("draft_without_key")
    if not all(KEY_PART.fullmatch(part) for part in key.split("/")):
        raise RuleViolation("draft_key_unfit", key=key[:MAX_KEY])
    if len(key) > MAX_KEY:
        raise RuleViolation("draft_key_too_long", limit=MAX_KEY)
    return key


def hold(session: Session, draft: Draft, token: str, *, actor_id: int, now: datetime, take: bool = False) -> bool:
    """Give this page the draft, or more time with it; False where another page has it. `take`: even then."""
    free = Draft.held_token.is_(None) | (Draft.held_until <= now) | (Draft.held_token == token)
    statement = update(Draft).where(Draft.id == draft.id)
    if not take:
        statement = statement.where(free)
    values = {"held_by": actor_id, "held_token": token, "held_until": now + HELD_FOR}
    changed = session.execute(statement.values(values).execution_options(synchronize_session=False))
    session.refresh(draft)
    return bool(changed.rowcount)  # type: ignore[attr-defined]  # an UPDATE has one


def release(session: Session, draft: Draft, token: str) -> None:
    """The page is closed: the next one need not wait."""
    if draft.held_token == token:
        draft.held_by = draft.held_token = draft.held_until = None


def save_draft(
    session: Session, draft: Draft, body: str, *, token: str, rev: int, actor_id: int, now: datetime
) -> None:
    """Write what the page has drawn. Raises Conflict if another page has the draft now, or has saved meanwhile."""
    if len(body.encode()) > MAX_BYTES:
        raise RuleViolation("draft_too_large")
    if not hold(session, draft, token, actor_id=actor_id, now=now):
        raise Conflict("draft_held", f"Held by {draft.held_by}.", person=draft.held_by)
    statement = update(Draft).where(Draft.id == draft.id, Draft.rev == rev)
    values = {"body": body, "rev": rev + 1, "changed_at": now, "changed_by": actor_id}
    saved = session.execute(statement.values(values).execution_options(synchronize_session=False))
    session.refresh(draft)
    note_author(session, draft, actor_id)
    if not saved.rowcount:  # type: ignore[attr-defined]
        raise Conflict("draft_changed", f"Changed by {draft.changed_by}.", person=draft.changed_by)


def note_author(session: Session, draft: Draft, actor_id: int) -> None:
    """Who has saved it ever is no second person for it."""
    insert = insert_for(session.get_bind().dialect.name, table_of(DraftAuthor))
    session.execute(insert.values(draft_id=draft.id, person_id=actor_id).on_conflict_do_nothing())


def authors_of(session: Session, drafts: Sequence[Draft]) -> set[int]:
    """Everybody who has saved one of these drafts."""
    ids = [draft.id for draft in drafts]
    return set(session.scalars(select(DraftAuthor.person_id).where(DraftAuthor.draft_id.in_(ids))))


def remove_draft(session: Session, draft: Draft) -> None:
    """It is live, or thrown away. Test runs of it go too: its number may be given to another draft."""
    session.execute(delete(RunningScript).where(RunningScript.draft_id == draft.id))
    session.execute(delete(DraftAuthor).where(DraftAuthor.draft_id == draft.id))
    session.delete(draft)


def files_of(session: Session, draft: Draft) -> dict[str, bytes]:
    """What is published with this draft: a process takes along the drafts of forms and decisions that it asks."""
    return {each.path: each.body.encode() for each in together(session, draft)}


def together(session: Session, draft: Draft) -> list[Draft]:
    """The draft and those that are published with it."""
    if draft.kind is not DraftKind.PROCESS:
        return [draft]
    models = models_of_text(draft.body)
    forms = {element.form for model in models for element in model.elements.values() if element.form}
    asked = {element.decision for model in models for element in model.elements.values() if element.decision}
    rest = session.scalars(select(Draft).where(Draft.kind != DraftKind.PROCESS).order_by(Draft.kind, Draft.key)).all()
    taken = [each for each in rest if each.kind is DraftKind.FORM and each.key in forms]
    taken += [each for each in rest if each.kind is DraftKind.DECISION and asked & _decisions(each.body)]
    return [draft, *taken]


def examine_draft(session: Session, kernel: Kernel, draft: Draft) -> Examined:
    """Every finding of the publishing checks, for the draft with what is published together with it."""
    examined = examine(session, kernel, files_of(session, draft))
    return replace(examined, problems=[*examined.problems, *hindrances(session, kernel, draft)])


def hindrances(session: Session, kernel: Kernel, draft: Draft) -> list[Problem]:
    """What the engine would publish and this draft may not: what is of others, and what its department may not do."""
    strange = [problem for each in together(session, draft) for problem in _strange_keys(session, each)]
    return [*strange, *beyond_department(session, kernel, draft)]


def _strange_keys(session: Session, draft: Draft) -> Iterator[Problem]:
    """A draft puts live what it is the draft of: rights and second looks are judged by that."""
    try:
        key = key_of(draft.kind, draft.body)
    except BusinessError:
        return  # the checks say what is wrong with it
    if key != draft.key:
        yield Problem("draft_key_changed", element=key, details={"old": draft.key, "new": key}, source=draft.path)
    for model in models_of_text(draft.body) if draft.kind is DraftKind.PROCESS else ():
        if model.key in (draft.key, key):
            continue
        live = session.scalar(_newest(ProcessDefinition, model.key))
        elsewhere = live is not None and (live.source or "") != draft.path
        if elsewhere or find_draft(session, DraftKind.PROCESS, model.key) is not None:
            name = model.name.in_language("") or model.key
            yield Problem("process_of_another_file", element=model.key, details={"process": name}, source=draft.path)


def beyond_department(session: Session, kernel: Kernel, draft: Draft) -> list[Problem]:
    """Operations that the department of a drawing may not use, each at its step."""
    models = models_of_text(draft.body) if draft.kind is DraftKind.PROCESS else []
    return operations_beyond(session, kernel, draft.path, models)


def operations_beyond(session: Session, kernel: Kernel, path: str, models: Sequence[ProcessModel]) -> list[Problem]:
    """The same for processes of a file that lies there."""
    rules = rules_of(session)[department_of(path)]
    department = str(DEPARTMENTS[rules.department])
    return [
        Problem(
            "operation_not_allowed",
            element.id,
            element.line,
            {"operation": operation_title(kernel.operations[name]), "department": department},
            path,
        )
        for model in models
        for element in model.elements.values()
        for name in sorted(element.operations() & kernel.operations.keys())
        if not rules.may_use(name)
    ]


def title_of(draft: Draft, language: str) -> str:
    """What the drawn thing is called; its key while the text cannot be read."""
    if draft.kind is not DraftKind.PROCESS:
        told = form_title if draft.kind is DraftKind.FORM else decisions_title
        return told(draft.body, language) or draft.key
    models = models_of_text(draft.body)
    return (models[0].name.in_language(language) if models else "") or draft.key


def drafts_by_key(session: Session) -> Mapping[tuple[DraftKind, str], Draft]:
    return {(each.kind, each.key): each for each in session.scalars(select(Draft))}


def models_of_text(text: str) -> list[ProcessModel]:
    """The processes of a drawing; none while it cannot be read."""
    try:
        return read_processes(read_xml(text.encode()))
    except DefinitionRejected:
        return []


def _decisions(text: str) -> frozenset[str]:
    try:
        return frozenset(read_model(text).asked_by_id())
    except BusinessError:
        return frozenset()


def _first_process(xml: str) -> str | None:
    models = read_processes(read_xml(xml.encode()))
    return models[0].key if models else None


def _newest(table: type[Row], key: str) -> Select[Row]:
    newest = select(func.max(table.id)).where(table.key == key).scalar_subquery()
    return select(table).where(table.id == newest)


def _begin(
    session: Session,
    kind: DraftKind,
    key: str,
    path: str,
    text: str,
    version: int | None,
    actor_id: int | None,
    now: datetime,
) -> Draft:
    if actor_id is not None:
        check_drawer(session, [path], actor_id)
    draft = Draft(
        kind=kind,
        key=key,
        path=path,
        body=text,
        base_version=version,
        created_at=now,
        created_by=actor_id,
        changed_at=now,
        changed_by=actor_id,
    )
    session.add(draft)
    session.flush()
    if actor_id is not None:
        note_author(session, draft, actor_id)
    return draft
