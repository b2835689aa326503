"""The logs of this installation under seal: what is sealed, with which key, and the job that does it."""

from collections.abc import Mapping, Sequence

from engine.history import sealing
from engine.history.sealed_rows import SealedLog, SealKey
from engine.history.sealing import HISTORY, Sealed
from engine.persistence import table_of
from webapp.core.clock import now
from webapp.core.config import settings
from webapp.core.database import database
from webapp.core.models import AuditEntry

AUDIT = SealedLog("audit", table_of(AuditEntry), "id", ("at", "actor_id", "action", "subject", "details"))
LOGS = (HISTORY, AUDIT)


def own_key() -> SealKey:
    return SealKey.derived(settings().secret_key)


def known_keys(former: Sequence[str] = ()) -> Mapping[str, SealKey]:
    """The present key and those of former secrets, by their names."""
    keys = [own_key(), *(SealKey.derived(secret) for secret in former)]
    return {key.name: key for key in keys}


def seal_logs() -> Sealed:
    """Seal what both logs have got since the last time."""
    return sealing.seal(database(), LOGS, own_key(), now=now())


def seal_regularly() -> None:
    """The job."""
    seal_logs()
