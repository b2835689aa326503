"""The log of cases as a file for tools of process mining: which cases, in which format, with or without names."""

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.history.export import ocel, xes
from engine.history.export.naming import CENTRE, PERSON, Name, Pseudonyms, Speech
from engine.history.export.reading import Chosen
from engine.instances.models import ProcessInstance
from webapp.core.config import settings
from webapp.core.i18n import current_language
from webapp.core.permissions import RowScope
from webapp.core.workflow import case_objects, engine, known_dimensions
from webapp.staff.models import Centre, User

SALT_BYTES = 16


class LogFormat(StrEnum):
    XES = "xes"
    OCEL = "ocel"

    @property
    def mimetype(self) -> str:
        return xes.MIMETYPE if self is LogFormat.XES else ocel.MIMETYPE

    @property
    def ending(self) -> str:
        return "xes" if self is LogFormat.XES else "jsonocel"


@dataclass(frozen=True)
class Wish:
    """What somebody wants to have. `process` empty: all. `named`: people, records and cases as they are called here."""

    format: LogFormat
    process: str = ""
    since: datetime | None = None
    until: datetime | None = None
    named: bool = False

    def chosen(self, reach: RowScope | None) -> Chosen:
        """The cases of it that are in reach; None: all, for who runs the system."""
        case = ProcessInstance
        visible = None if reach is None else reach.condition(owner=case.owner_id, scope=case.scope_id)
        return Chosen(self.process or None, self.since, self.until, visible)

    @property
    def file_name(self) -> str:
        return f"event-log-{self.process or 'all'}.{self.format.ending}"


def write_file(session: Session, wish: Wish, reach: RowScope | None) -> Iterator[bytes]:
    """The file in pieces; the session must read one snapshot."""
    speech = _speech(session, named=wish.named)
    if wish.format is LogFormat.XES:
        return xes.write(session, wish.chosen(reach), speech, title=wish.process or _("All processes"))
    return ocel.write(session, wish.chosen(reach), speech)


def _speech(session: Session, *, named: bool) -> Speech:
    dimensions = known_dimensions()
    return Speech(
        name=_own_names(session) if named else _without_people(session),
        step=_steps(current_language()),
        # of values that no slice declares nobody knows what they are
        dimensions={name: None if each.choices.startswith("staff.") else name for name, each in dimensions.items()},
        objects=case_objects,
    )


def _steps(language: str) -> Callable[[Session, int, str], str]:
    """What the elements of the drawings are called; each is looked up once."""
    store, names = engine().store, dict[tuple[int, str], str]()

    def step(session: Session, definition_id: int, element: str) -> str:
        key = definition_id, element
        if key not in names:
            found = store.get(session, definition_id).find(element)
            names[key] = (found.name.in_language(language) if found else "") or element
        return names[key]

    return step


def _without_people(session: Session) -> Name:
    """Pseudonyms under a key that nobody keeps; a centre is no person and keeps its name."""
    hidden, centres = Pseudonyms.of(settings().secret_key, secrets.token_bytes(SALT_BYTES)), _centres(session)
    return lambda kind, number: _label(centres, kind, number) if kind == CENTRE else hidden(kind, number)


def _own_names(session: Session) -> Name:
    people = {row.id: row.name for row in session.execute(select(User.id, User.name))}
    names = {PERSON: people, CENTRE: _centres(session)}
    return lambda kind, number: _label(names.get(kind, {}), kind, number)


def _label(names: Mapping[int, str], kind: str, number: object) -> str:
    """With the number, for two may be called alike."""
    if isinstance(number, str) and ":" in number:
        return number
    known = names.get(int(str(number)), "") if str(number).isdigit() else ""
    return f"{known} ({kind} {number})" if known else f"{kind} {number}"


def _centres(session: Session) -> Mapping[int, str]:
    return {row.id: row.name for row in session.execute(select(Centre.id, Centre.name))}
