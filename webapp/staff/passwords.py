"""Passwords: what is acceptable, how they are kept, and links that let a person set one."""

from flask_security.recoverable import generate_reset_password_token, reset_password_token_status
from flask_security.utils import hash_password, verify_password
from flask_security.utils import verify_and_update_password as verify_and_renew

from webapp.core.errors import RuleViolation
from webapp.staff.models import User

SHORTEST = 10
LONGEST = 128


def check_password(password: str, *, email: str) -> None:
    """Raise RuleViolation when it is too easy: short, one repeated sign, or the address itself."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise RuleViolation("password_length", shortest=SHORTEST, longest=LONGEST)
    if len(set(password)) < 5 or password.casefold() in {email.casefold(), email.partition("@")[0].casefold()}:
        raise RuleViolation("password_easy")


def keep_password(password: str) -> str:
    """The argon2 hash that is stored."""
    kept: str = hash_password(password)
    return kept


def is_right(user: User | None, password: str) -> bool:
    """Whether it is the person's password; takes as long for an unknown person."""
    fits = len(password) <= LONGEST  # the hash refuses what is much longer
    typed = password if fits else ""
    if user is None or user.password is None:
        verify_password(typed, _decoy())
        return False
    return bool(verify_and_renew(typed, user)) and fits


def reset_token(user: User) -> str:
    """A signed token that lets the person set a password; void after that, and after settings.reset_hours."""
    token: str = generate_reset_password_token(user)
    return token


def user_of_token(token: str) -> User | None:
    """Whose token this is, if it still works."""
    expired, invalid, user = reset_password_token_status(token)
    return None if expired or invalid or user is None or not user.active else user


_decoys: list[str] = []


def _decoy() -> str:
    if not _decoys:
        _decoys.append(keep_password("nobody's password"))
    return _decoys[0]
