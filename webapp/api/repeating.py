"""Idempotency keys: a request that is sent again is answered again, and done once.

The row of the key is written before the act and in its transaction. A second request with the same key waits for the
first one and finds its answer; when the first one was refused, nothing was written, and the key is free again.
"""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from flask import Response, request
from sqlalchemy import delete, select, update

from engine.instances.saving import new_command_key
from engine.persistence import insert_for, table_of
from webapp.api.models import StoredAnswer
from webapp.core.clock import now
from webapp.core.database import session, unit_of_work
from webapp.core.errors import RuleViolation
from webapp.core.permissions import actor_id

HEADER, REPLAYED = "Idempotency-Key", "Idempotency-Replayed"
LONGEST = 200
KEPT_FOR = timedelta(days=7)

_answers = table_of(StoredAnswer)


def once(view: Callable[..., Response]) -> Callable[..., Response]:
    """The act is done once for each key of a person; without a key, as often as it is asked for."""

    @wraps(view)
    def wrapper(*positional: Any, **named: Any) -> Response:
        key = request.headers.get(HEADER)
        if key is None:
            return view(*positional, **named)
        if not 0 < len(key) <= LONGEST or not key.isascii() or not key.isprintable():
            raise RuleViolation("idempotency_key_unfit", longest=LONGEST)
        known = _reserve(_hash(key))
        if known is not None:
            return known
        answer = view(*positional, **named)
        if answer.status_code < 400:
            _keep(_hash(key), answer)
        return answer

    return wrapper


def command_key(of: str) -> str:
    """The engine's key for this act on this record: the same for the same idempotency key, else a new one."""
    key = request.headers.get(HEADER)
    return new_command_key() if key is None else _hash(f"{actor_id()}:{of}:{key}")


def forget_answers() -> None:
    """The scheduler's job: answers are kept for some days."""
    with unit_of_work() as opened:
        opened.execute(delete(StoredAnswer).where(StoredAnswer.at < now() - KEPT_FOR))


def _reserve(key_hash: str) -> Response | None:
    """None when this is the first request with the key; else its answer. RuleViolation: idempotency_key_reused."""
    connection = session().connection()
    row = {
        "user_id": actor_id(),
        "key_hash": key_hash,
        "fingerprint": _fingerprint(),
        "status": 0,
        "body": "",
        "at": now(),
    }
    insert = insert_for(connection.dialect.name, _answers)
    kept = insert.on_conflict_do_nothing(index_elements=["user_id", "key_hash"]).returning(_answers.c.status)
    if connection.execute(kept, row).first() is not None:
        return None
    found = session().execute(
        select(StoredAnswer.fingerprint, StoredAnswer.status, StoredAnswer.body).where(
            StoredAnswer.user_id == actor_id(), StoredAnswer.key_hash == key_hash
        )
    ).one()  # fmt: skip
    if found.fingerprint != row["fingerprint"]:
        raise RuleViolation("idempotency_key_reused")
    return Response(found.body, status=found.status, mimetype="application/json", headers={REPLAYED: "true"})


def _keep(key_hash: str, answer: Response) -> None:
    statement = update(StoredAnswer).where(StoredAnswer.user_id == actor_id(), StoredAnswer.key_hash == key_hash)
    session().execute(statement.values(status=answer.status_code, body=answer.get_data(as_text=True)))


def _fingerprint() -> str:
    """Of everything that makes the request what it is."""
    told = f"{request.method} {request.full_path}\n".encode() + request.get_data(cache=True)
    return hashlib.sha256(told).hexdigest()


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
