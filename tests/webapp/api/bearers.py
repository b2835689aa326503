"""Tokens for tests, and a program that calls the API with one."""

from collections.abc import Mapping
from itertools import count
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.webapp.staff.factories import NOW
from webapp.api.models import ApiToken
from webapp.api.tokens import hash_of
from webapp.staff.models import User

_numbers = count(1)


def is_api(url: str) -> bool:
    return url.startswith("/api/")


def make_token(session: Session, owner: User, **overrides: Any) -> str:
    """A token of this person that works; returns its secret."""
    secret = f"mrt_{next(_numbers):043}"
    values = {
        "user_id": owner.id,
        "name": "Bridge",
        "token_hash": hash_of(secret),
        "hint": secret[:10],
        "read_only": False,
        "created_at": NOW,
        "last_used_at": NOW,  # so that reading need not note it
    } | overrides
    session.add(ApiToken(**values))
    session.flush()
    return secret


def bearer_of(session: Session, owner: User) -> Mapping[str, str]:
    """The header of a call for this person."""
    return {"Authorization": f"Bearer {make_token(session, owner)}"}


class Program:
    """Calls the API with one token. Paths are those below /api/v1."""

    def __init__(self, client: FlaskClient, secret: str, language: str = "en") -> None:
        self.client = client
        self.headers = {"Authorization": f"Bearer {secret}", "Accept-Language": language}

    def get(self, path: str, **query: Any) -> TestResponse:
        return self.client.get(f"/api/v1{path}", query_string=query, headers=self.headers)

    def post(self, path: str, body: Any = None, *, key: str = "", method: str = "POST") -> TestResponse:
        more = {"Idempotency-Key": key} if key else {}
        return self.client.open(f"/api/v1{path}", method=method, json=body, headers=self.headers | more)
