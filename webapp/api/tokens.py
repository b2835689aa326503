"""Personal tokens: made by their owner, shown once, known by their hash, revoked by him or by an administrator."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definitions.models import NEWEST_DEPLOYMENT
from webapp.api.models import ApiToken
from webapp.core import audit
from webapp.core.errors import NotFound, RuleViolation
from webapp.staff.models import User

PREFIX = "mrt_"
SHOWN = 10  # letters of a token that stay readable
MOST = 50  # of one person that work
NOTED_EVERY = timedelta(minutes=5)  # the last use is kept to some minutes, so that reading does not write


@dataclass(frozen=True)
class Issued:
    """A new token; `secret` is shown this once."""

    token: ApiToken
    secret: str


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def issue_token(
    session: Session, user: User, *, name: str, days: int, read_only: bool, actor_id: int, now: datetime
) -> Issued:
    """Make a token for this person. RuleViolation: token_nameless, too_many_tokens."""
    if not name.strip():
        raise RuleViolation("token_nameless", "A token needs a name.")
    if sum(each.is_valid(now) for each in tokens_of(session, user.id)) >= MOST:
        raise RuleViolation("too_many_tokens", f"There are {MOST} tokens already.", most=MOST)
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        user_id=user.id,
        name=name.strip(),
        token_hash=hash_of(secret),
        hint=secret[:SHOWN],
        read_only=read_only,
        created_at=now,
        expires_at=now + timedelta(days=days) if days else None,
        user=user,
    )
    session.add(token)
    session.flush()
    audit.record(
        session, action="api.token.made", subject=_subject(token), actor_id=actor_id, now=now, read_only=read_only
    )
    return Issued(token, secret)


def find_token(session: Session, secret: str, *, now: datetime) -> tuple[ApiToken, int | None] | None:
    """The token, if it opens anything at this moment; and the newest deployment, learned by the same statement."""
    if not secret.startswith(PREFIX):
        return None
    found = session.execute(
        select(ApiToken, NEWEST_DEPLOYMENT).where(ApiToken.token_hash == hash_of(secret))
    ).one_or_none()
    return (found.ApiToken, found.newest_deployment) if found is not None and found.ApiToken.is_valid(now) else None


def tokens_of(session: Session, user_id: int) -> Sequence[ApiToken]:
    """All that were not revoked, the newest first."""
    statement = select(ApiToken).where(ApiToken.user_id == user_id, ApiToken.revoked_at.is_(None))
    return session.scalars(statement.order_by(ApiToken.id.desc())).all()


def all_tokens(session: Session, *, limit: int = 500) -> Sequence[ApiToken]:
    """Those of everybody that were not revoked, the last used first."""
    order = (ApiToken.last_used_at.is_(None), ApiToken.last_used_at.desc(), ApiToken.id.desc())
    return session.scalars(select(ApiToken).where(ApiToken.revoked_at.is_(None)).order_by(*order).limit(limit)).all()


def revoke_token(session: Session, token_id: int, *, owner_id: int | None, actor_id: int, now: datetime) -> ApiToken:
    """It opens nothing from here on. `owner_id`: only one of this person. NotFound: token_unknown."""
    token = session.get(ApiToken, token_id)
    if token is None or token.revoked_at is not None or owner_id not in (None, token.user_id):
        raise NotFound("api_token_unknown", f"There is no token {token_id}.")
    token.revoked_at = now
    audit.record(session, action="api.token.revoked", subject=_subject(token), actor_id=actor_id, now=now)
    return token


def needs_noting(token: ApiToken, now: datetime) -> bool:
    """Whether the last use that is kept is too old."""
    return token.last_used_at is None or token.last_used_at < now - NOTED_EVERY


def _subject(token: ApiToken) -> str:
    return f"api.token:{token.id} of staff.user:{token.user_id}"
