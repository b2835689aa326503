"""Flask-Security for our users: argon2, sessions, tokens; its own pages are not used."""

from datetime import timedelta

from flask import Flask
from flask_security import Security, SQLAlchemyUserDatastore

from webapp.core.config import Settings
from webapp.core.database import db
from webapp.staff.identity import identify
from webapp.staff.models import RoleGrant, User


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
    Security(app, SQLAlchemyUserDatastore(db, User, RoleGrant), register_blueprint=False)
    app.extensions["identify"] = identify
