"""Sandboxes of this process of the server: made once for a text and what is live, thrown away when others are asked."""

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definitions.models import NEWEST_DEPLOYMENT
from engine.kernel import Kernel
from engine.sandbox import Limits, Sandbox, Script, Standing, play, prepare
from engine.timers.models import WorkingCalendarRow

KEPT: Final = 6  # a few megabytes each
LIMITS: Final = Limits(seconds=5)
SAMPLES: Final[Mapping[str, str]] = {
    "phone": "+79000001234",
    "vin": "XW8ZZZ61ZKG012345",
    "plate": "А001АА178",
    "inn": "7707083893",
    "kpp": "770701001",
    "ogrn": "1027700132195",
    "bic": "044525225",
}
stopwatch = time.monotonic


@dataclass
class Shelf:
    """The sandboxes that were asked for last."""

    kept: OrderedDict[str, Sandbox] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def sandbox(
        self, session: Session, kernel: Kernel, process_key: str, files: Mapping[str, bytes], *, now: datetime
    ) -> Sandbox:
        """A sandbox of a process with these drafts. Raises DefinitionRejected, UnknownDefinition."""
        name = _name(session, process_key, files)
        with self.lock:
            found = self.kept.get(name)
            if found is not None:
                self.kept.move_to_end(name)
                return found
        made = prepare(session, kernel, process_key, files, now=now)
        with self.lock:
            self.kept[name] = made
            gone = [self.kept.popitem(last=False)[1] for _ in range(len(self.kept) - KEPT)]
        for each in gone:
            each.close()  # waits for whoever plays in it; one that was taken from here before opens anew
        return made


def played(sandbox: Sandbox, script: Script) -> Standing:
    """Where the script leads, within what one request may take."""
    return play(sandbox, script, stopwatch=stopwatch, limits=LIMITS)


def _name(session: Session, process_key: str, files: Mapping[str, bytes]) -> str:
    """Changes with everything that a sandbox is made from."""
    calendars = session.execute(select(WorkingCalendarRow.__table__).order_by(WorkingCalendarRow.id)).all()
    whole = hashlib.sha256(repr((process_key, session.scalar(select(NEWEST_DEPLOYMENT)), calendars)).encode())
    for path, body in sorted(files.items()):
        whole.update(repr((path, hashlib.sha256(body).hexdigest())).encode())
    return whole.hexdigest()
