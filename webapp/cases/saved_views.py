"""Saved views: filters of the list or the board with a name, personal or offered to a role."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from engine.human_tasks.assignment import Actor
from webapp.cases.filtering import CaseFilter, read_filter
from webapp.cases.models import DefaultView, SavedView
from webapp.core.errors import NotFound, RuleViolation

MOST = 40  # views of one person


@dataclass(frozen=True)
class ViewLink:
    """A view as the reader sees it. `is_default`: he begins with it; `is_own`: he may change it."""

    id: int
    name: str
    board: bool
    asked: CaseFilter
    role: str
    is_own: bool
    is_default: bool


def list_views(session: Session, actor: Actor) -> list[ViewLink]:
    """The person's own views and those offered to his roles, by name. One statement."""
    statement = (
        select(SavedView, DefaultView.view_id)
        .outerjoin(DefaultView, (DefaultView.view_id == SavedView.id) & (DefaultView.user_id == actor.user_id))
        .where(_is_for(actor))
        .order_by(SavedView.name, SavedView.id)
    )
    return [_link(view, actor, default is not None) for view, default in session.execute(statement)]


def get_view(session: Session, view_id: int, actor: Actor) -> SavedView:
    """A view of his own or one offered to his role; others are their owners' business. NotFound: view_unknown."""
    found = session.scalar(select(SavedView).where(SavedView.id == view_id, _is_for(actor)))
    if found is None:
        raise NotFound("view_unknown", f"There is no view {view_id}.")
    return found


def read_saved(view: SavedView) -> CaseFilter:
    """The filter that a view holds."""
    return read_filter(MultiDict([*parse_qsl(view.query), ("view", str(view.id))]))


def find_default(session: Session, actor: Actor) -> SavedView | None:
    """Where this person begins."""
    statement = select(SavedView).join(DefaultView, DefaultView.view_id == SavedView.id)
    return session.scalar(statement.where(DefaultView.user_id == actor.user_id, _is_for(actor)))


def save_view(
    session: Session, asked: CaseFilter, *, name: str, board: bool, role: str, owner_id: int, now: datetime
) -> SavedView:
    """Keep a filter under a name; the same name again replaces it. RuleViolation: too_many_views, view_too_long."""
    own = list(session.scalars(select(SavedView).where(SavedView.owner_id == owner_id)))
    found = next((each for each in own if each.name.casefold() == name.casefold()), None)
    if found is None:
        if len(own) >= MOST:
            raise RuleViolation("too_many_views", most=MOST)
        found = SavedView(owner_id=owner_id, name=name)
        session.add(found)
    if len(asked.saved) > SavedView.query.type.length:
        raise RuleViolation("view_too_long")
    found.name, found.board, found.query, found.role, found.changed_at = name, board, asked.saved, role, now
    session.flush()
    return found


def rename_view(session: Session, view_id: int, name: str, *, owner_id: int, now: datetime) -> SavedView:
    """RuleViolation: view_name_taken; NotFound: view_unknown."""
    view = _own(session, view_id, owner_id)
    others = session.scalars(select(SavedView.name).where(SavedView.owner_id == owner_id, SavedView.id != view_id))
    if name.casefold() in {each.casefold() for each in others}:
        raise RuleViolation("view_name_taken", name=name)
    view.name, view.changed_at = name, now
    return view


def delete_view(session: Session, view_id: int, *, owner_id: int) -> str:
    """The name of the view that is gone, for everybody."""
    view = _own(session, view_id, owner_id)
    session.execute(delete(DefaultView).where(DefaultView.view_id == view_id))
    session.delete(view)
    return view.name


def choose_default(session: Session, view_id: int | None, *, actor: Actor) -> None:
    """Begin with this view from now on; None: with all open cases, as at first."""
    session.execute(delete(DefaultView).where(DefaultView.user_id == actor.user_id))
    if view_id is not None:
        get_view(session, view_id, actor)
        session.add(DefaultView(user_id=actor.user_id, view_id=view_id))


def current(views: Sequence[ViewLink], asked: CaseFilter) -> ViewLink | None:
    """The view the page was opened by, as far as the reader sees it among his."""
    return next((each for each in views if each.id == asked.view), None)


def _is_for(actor: Actor) -> ColumnElement[bool]:
    return or_(SavedView.owner_id == actor.user_id, SavedView.role.in_(sorted({role for role, _ in actor.roles})))


def _own(session: Session, view_id: int, owner_id: int) -> SavedView:
    view = session.get(SavedView, view_id)
    if view is None or view.owner_id != owner_id:
        raise NotFound("view_unknown", f"View {view_id} belongs to somebody else.")
    return view


def _link(view: SavedView, actor: Actor, is_default: bool) -> ViewLink:
    return ViewLink(
        view.id, view.name, view.board, read_saved(view), view.role, view.owner_id == actor.user_id, is_default
    )
