"""One session per request, over the same database as the engine's own units of work.

A request with a safe method reads one snapshot and cannot write. Any other request takes the
write lock when it first speaks to the database, and is committed when it was answered with success.

What takes long is computed without the lock: a view marked `reads_first` has it between `begin_writing` and its end,
and any view gives it back with `keep_and_read` or `forget_and_read` before it computes the answer.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import flask
import sqlalchemy
from flask import Flask, Response, current_app, g, has_request_context, request
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy.orm import Session

from engine.database import Database, make_database
from engine.errors import DatabaseBusy
from engine.persistence import Base
from webapp.core.config import settings

View = TypeVar("View", bound=Callable[..., Any])

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
READS_FIRST = "reads_first"
# they belong to an answer that is taken back
TELLING_HEADERS = {"Location", "Set-Cookie", "Content-Encoding", "ETag", "Last-Modified"}


class RequestSession(FlaskSession):
    """Reads or writes as the request does; outside a request it writes."""

    def get_bind(self, *_: Any, **__: Any) -> sqlalchemy.Engine:
        return database().bind(write=not has_request_context() or _writes())


class Alchemy(SQLAlchemy):
    """Flask-SQLAlchemy on the engine's database instead of one of its own."""

    def _make_engine(self, bind_key: str | None, options: dict[str, Any], app: Flask) -> sqlalchemy.Engine:
        opened: Database = app.extensions["database"]
        return opened.engine


db = Alchemy(metadata=Base.metadata, session_options={"class_": RequestSession, "expire_on_commit": False})


def init_app(app: Flask) -> None:
    with app.app_context():
        url = settings().resolved_database_url
    app.extensions["database"] = make_database(url)
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    db.init_app(app)
    app.after_request(_close_unit)


def session() -> Session:
    """The session of this request or command."""
    current: Session = db.session()
    return current


def database() -> Database:
    """The database, for units of work apart from the request: streams, jobs, commands."""
    opened: Database = current_app.extensions["database"]
    return opened


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """A write unit for commands and jobs: commits when the block ends, rolls back when it raises."""
    with database().write() as opened:
        yield opened


def reads_first(view: View) -> View:
    """Only reads, until it says `begin_writing`; one that never does so holds nobody up."""
    setattr(view, READS_FIRST, True)
    return view


def begin_writing() -> None:
    """What was read is forgotten: it is read again under the lock. Only where the method may write."""
    if request.method in SAFE_METHODS:
        raise RuntimeError("a request with a safe method does not write")
    _go_on(writes=True)


def keep_and_read() -> None:
    """Commit, though the answer is not known yet; the rest of the request reads a snapshot that has the change."""
    session().commit()
    _go_on(writes=False)


def forget_and_read() -> None:
    """Take back what was written; the rest of the request reads."""
    _go_on(writes=False)


def keep_despite_refusal() -> None:
    """Commit what was written so far although the answer will be a refusal, e.g. a failed sign-in that counts."""
    g.keep = True


def _go_on(*, writes: bool) -> None:
    session().rollback()
    g.writes = writes


def _writes() -> bool:
    """Does what this request says to the database now write?"""
    if "writes" in g:
        return bool(g.writes)
    view = current_app.view_functions.get(request.endpoint or "")
    return request.method not in SAFE_METHODS and not getattr(view, READS_FIRST, False)


def _close_unit(response: Response) -> Response:
    writes = _writes()
    g.pop("writes", None)  # tests answer several requests within one context
    if writes and response.status_code < (500 if g.get("keep") else 400):
        try:
            session().commit()
        except DatabaseBusy as error:
            return _refused_at_the_end(error, response)
    else:
        session().rollback()
    return response


def _refused_at_the_end(error: DatabaseBusy, promised: Response) -> Response:
    """The answer to a commit that failed, in place of one that has told of success; with its protecting headers."""
    flask.session.pop("_flashes", None)
    answer = current_app.make_response(current_app.handle_user_exception(error))
    for name, value in promised.headers:
        if name not in TELLING_HEADERS:
            answer.headers.setdefault(name, value)
    return answer
