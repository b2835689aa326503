"""Drafts: opened from what is live, held by one page at a time, saved as drawn, taken along by others."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import ColumnElement, delete, func, select, true, update
from sqlalchemy.orm import Session

from engine.definitions.decision_files import read_model
from engine.definitions.limits import MAX_BYTES
from engine.definitions.model import ProcessModel
from engine.definitions.models import DecisionDefinition, FormDefinition, ProcessDefinition
from engine.definitions.parsing import read_processes
from engine.definitions.problems import DefinitionRejected
from engine.definitions.xml import read_xml
from engine.errors import BusinessError
from engine.human_tasks.forms import read_form
from engine.persistence import insert_for, table_of
from webapp.core.errors import Conflict, NotFound, RuleViolation
from webapp.studio.departments.rules import check_drawer
from webapp.studio.models import Draft, DraftAuthor, DraftKind, RunningScript
from webapp.studio.titles import decisions_title, form_title

Row = TypeVar("Row", ProcessDefinition, FormDefinition, DecisionDefinition)
Name = tuple[DraftKind, str]  # of a file: what it is and its key

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
    return live_texts(session, [(kind, key)]).get((kind, key))


def live_texts(session: Session, wanted: Iterable[Name]) -> dict[Name, Live]:
    """The same for many; a statement or two for each kind."""
    asked: dict[DraftKind, set[str]] = {kind: set() for kind in DraftKind}
    for kind, key in wanted:
        asked[kind].add(key)
    found: dict[Name, Live] = {}
    for form in _newest(session, FormDefinition, asked[DraftKind.FORM]):
        found[DraftKind.FORM, form.key] = Live(form.key, f"forms/{form.key}.form", form.version, form.body)
    for file in _newest(session, DecisionDefinition, asked[DraftKind.DECISION]):
        path = file.source or f"processes/{file.key}.dmn"
        found[DraftKind.DECISION, file.key] = Live(file.key, path, file.version, file.xml)
    processes = {row.key: row for row in _newest(session, ProcessDefinition, asked[DraftKind.PROCESS])}
    first = {key: _first_process(row.xml) or key for key, row in processes.items()}
    others = {row.key: row for row in _newest(session, ProcessDefinition, set(first.values()) - processes.keys())}
    for key, row in processes.items():
        path, version = row.source or f"processes/{first[key]}.bpmn", {**processes, **others}[first[key]].version
        found[DraftKind.PROCESS, key] = Live(first[key], path, version, row.xml)
    return found


def newest_texts(session: Session, wanted: Iterable[Name]) -> dict[Name, str]:
    """Texts as they are being drawn, else as they are live; a few statements for all of them."""
    names = set(wanted)
    if not names:
        return {}
    drawn = select(Draft.kind, Draft.key, Draft.body).where(Draft.key.in_({key for _, key in names}))
    texts = {(kind, key): body for kind, key, body in session.execute(drawn) if (kind, key) in names}
    return texts | {name: live.text for name, live in live_texts(session, names - texts.keys()).items()}


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
    if known is None:
        _begin(session, kind, found.key, found.path, found.text, found.version, actor_id, now)
        known = find_draft(session, kind, found.key)  # of whoever was first
    if known is None:
        raise NotFound("draft_unknown")
    return known


def new_draft(session: Session, kind: DraftKind, path: str, text: str, *, actor_id: int | None, now: datetime) -> Draft:
    """A draft of a text that comes from outside. Raises RuleViolation where it cannot be opened, Conflict if its key
    is being drawn already."""
    key = key_to_draw(kind, text)
    live = live_text(session, kind, key)
    version = live.version if live is not None else None
    if not _begin(session, kind, key, live.path if live else path, text, version, actor_id, now):
        raise Conflict("draft_exists", key=key)
    made = find_draft(session, kind, key)
    if made is None:
        raise NotFound("draft_unknown")
    return made


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
    _read_again(session, draft)
    return bool(changed.rowcount)  # type: ignore[attr-defined]  # an UPDATE has one


def release(session: Session, draft_id: int, token: str) -> None:
    """The page is closed: the next one need not wait."""
    mine = update(Draft).where(Draft.id == draft_id, Draft.held_token == token)
    session.execute(mine.values(held_by=None, held_token=None, held_until=None))


def save_draft(
    session: Session, draft: Draft, body: str, *, token: str, rev: int, actor_id: int, now: datetime
) -> None:
    """Write what the page has drawn. Raises NotFound if it is live or thrown away by now, Conflict if another page has
    the draft now, or has saved meanwhile. A text whose answer was lost may come twice.
    """
    if len(body.encode()) > MAX_BYTES:
        raise RuleViolation("draft_too_large")
    if not hold(session, draft, token, actor_id=actor_id, now=now):
        raise Conflict("draft_held", f"Held by {draft.held_by}.", person=draft.held_by)
    if _write(session, draft, body, true(), rev=rev, actor_id=actor_id, now=now):
        return
    if (draft.rev, draft.body, draft.changed_by) != (rev + 1, body, actor_id):
        raise Conflict("draft_changed", f"Changed by {draft.changed_by}.", person=draft.changed_by)


def replace_text(session: Session, draft: Draft, body: str, *, actor_id: int | None, now: datetime) -> None:
    """Another text from outside. Raises NotFound, Conflict if a page has the draft, or has saved since it was read."""
    free = Draft.held_token.is_(None) | (Draft.held_until <= now)
    if _write(session, draft, body, free, rev=draft.rev, actor_id=actor_id, now=now):
        return
    if draft.held_at(now):
        raise Conflict("draft_held", f"Held by {draft.held_by}.", person=draft.held_by)
    raise Conflict("draft_changed", f"Changed by {draft.changed_by}.", person=draft.changed_by)


def _write(
    session: Session,
    draft: Draft,
    body: str,
    allowed: ColumnElement[bool],
    *,
    rev: int,
    actor_id: int | None,
    now: datetime,
) -> bool:
    """Over the text that was seen, and over no other."""
    statement = update(Draft).where(Draft.id == draft.id, Draft.rev == rev, allowed)
    values = {"body": body, "rev": rev + 1, "changed_at": now, "changed_by": actor_id}
    written = session.execute(statement.values(values).execution_options(synchronize_session=False))
    _read_again(session, draft)
    if written.rowcount and actor_id is not None:  # type: ignore[attr-defined]
        note_author(session, draft.id, actor_id)
    return bool(written.rowcount)  # type: ignore[attr-defined]


def _read_again(session: Session, draft: Draft) -> None:
    """As it is now. Raises NotFound where it was published or thrown away since it was read."""
    newest = select(Draft).where(Draft.id == draft.id).execution_options(populate_existing=True)
    if session.scalar(newest) is None:
        raise NotFound("draft_unknown")


def note_author(session: Session, draft_id: int, actor_id: int) -> None:
    """Who has saved it ever is no second person for it."""
    insert = insert_for(session.get_bind().dialect.name, table_of(DraftAuthor))
    session.execute(insert.values(draft_id=draft_id, person_id=actor_id).on_conflict_do_nothing())


def authors_of(session: Session, drafts: Sequence[Draft]) -> set[int]:
    """Everybody who has saved one of these drafts."""
    ids = [draft.id for draft in drafts]
    return set(session.scalars(select(DraftAuthor.person_id).where(DraftAuthor.draft_id.in_(ids))))


def remove_draft(session: Session, draft: Draft) -> None:
    """It is live, or thrown away. Test runs of it go too: its number may be given to another draft.

    Raises NotFound where somebody was faster.
    """
    session.execute(delete(RunningScript).where(RunningScript.draft_id == draft.id))
    session.execute(delete(DraftAuthor).where(DraftAuthor.draft_id == draft.id))
    gone = session.execute(delete(Draft).where(Draft.id == draft.id))
    if not gone.rowcount:  # type: ignore[attr-defined]
        raise NotFound("draft_unknown")


def files_of(together: Iterable[Draft]) -> dict[str, bytes]:
    """What is published with these drafts, by path."""
    return {each.path: each.body.encode() for each in together}


def together(session: Session, draft: Draft) -> list[Draft]:
    """The draft and those that are published with it: a process takes along the forms and decisions that it asks."""
    if draft.kind is not DraftKind.PROCESS:
        return [draft]
    models = models_of_text(draft.body)
    forms = {element.form for model in models for element in model.elements.values() if element.form}
    asked = {element.decision for model in models for element in model.elements.values() if element.decision}
    rest = session.scalars(select(Draft).where(Draft.kind != DraftKind.PROCESS).order_by(Draft.kind, Draft.key)).all()
    taken = [each for each in rest if each.kind is DraftKind.FORM and each.key in forms]
    taken += [each for each in rest if each.kind is DraftKind.DECISION and asked & _decisions(each.body)]
    return [draft, *taken]


def take_together(session: Session, draft_id: int) -> list[Draft]:
    """The same as they are now; nobody saves one until this unit ends, for that would be lost. Raises NotFound."""
    drawn = _taken(session, [draft_id])
    if not drawn:
        raise NotFound("draft_unknown")
    along = [each.id for each in together(session, drawn[0])[1:]]
    return [*drawn, *_taken(session, along)]


def _taken(session: Session, ids: Sequence[int]) -> Sequence[Draft]:
    """In the order of `together`, in which everybody takes them."""
    rows = select(Draft).where(Draft.id.in_(ids)).order_by(Draft.kind.desc(), Draft.key)
    return session.scalars(rows.with_for_update().execution_options(populate_existing=True)).all()


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


def _newest(session: Session, table: type[Row], keys: Collection[str]) -> Sequence[Row]:
    """The newest version under each key."""
    if not keys:
        return []
    newest = select(func.max(table.id)).where(table.key.in_(keys)).group_by(table.key)
    return session.scalars(select(table).where(table.id.in_(newest))).all()


def _begin(
    session: Session,
    kind: DraftKind,
    key: str,
    path: str,
    text: str,
    version: int | None,
    actor_id: int | None,
    now: datetime,
) -> bool:
    """False: somebody has begun it, perhaps at this moment."""
    if actor_id is not None:
        check_drawer(session, [path], actor_id)
    values = {
        "kind": kind,
        "key": key,
        "path": path,
        "body": text,
        "base_version": version,
        "created_at": now,
        "created_by": actor_id,
        "changed_at": now,
        "changed_by": actor_id,
    }
    insert = insert_for(session.get_bind().dialect.name, table_of(Draft)).values(values)
    made = session.scalar(insert.on_conflict_do_nothing(index_elements=["kind", "key"]).returning(Draft.id))
    if made is not None and actor_id is not None:
        note_author(session, made, actor_id)
    return made is not None
