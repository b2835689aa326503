"""Flask-Security for our users: argon2, sessions, tokens; its own pages are not used."""

from datetime import timedelta
from typing import Any

from flask import Flask
from flask_security import Security, SQLAlchemyUserDatastore, UserMixin
from sqlalchemy import select
from sqlalchemy.orm import lazyload

from engine.definitions.models import NEWEST_DEPLOYMENT
from webapp.core.config import Settings
from webapp.core.database import db, session
from webapp.core.workflow import engine
from webapp.staff.identity import identify
from webapp.staff.models import RoleGrant, User


class Accounts(SQLAlchemyUserDatastore):  # type: ignore[misc]  # the library has no types
    """Finds users. The statement that asks whose session it is also tells what other processes have published."""

    def find_user(self, case_insensitive: bool = False, **sought: Any) -> UserMixin | None:
        if "fs_uniquifier" not in sought:
            return super().find_user(case_insensitive=case_insensitive, **sought)
        wanted = select(User, NEWEST_DEPLOYMENT).where(User.fs_uniquifier == sought["fs_uniquifier"])
        # what he may do is asked by `identity`, all in one
        apart = (lazyload(User.grants), lazyload(User.overrides))
        found = session().execute(wanted.options(*apart)).one_or_none()
        if found is None:
            return None
        engine().store.notice(session(), found.newest_deployment)
        user: UserMixin = found.User
        return user


def set_up(app: Flask) -> None:
    """Run when the application is created."""
    chosen: Settings = app.extensions["settings"]
    defaults = {
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SINGLE_HASH": True,  # argon2 salts by itself
        "SECURITY_PASSWORD_SALT": "unused with a single hash",
        "SECURITY_RESET_PASSWORD_WITHIN": timedelta(hours=chosen.reset_hours),
        "SECURITY_JOIN_USER_ROLES": False,  # roles come along by themselves, with one more question
        "SECURITY_SEND_PASSWORD_RESET_NOTICE_EMAIL": False,
        "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
    }
    for name, value in defaults.items():
        app.config.setdefault(name, value)
    Security(app, Accounts(db, User, RoleGrant), register_blueprint=False)
    app.extensions["identify"] = identify
