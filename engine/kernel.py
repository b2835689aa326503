"""What every part of the runtime shares: set up once by the composition root."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.orm import Session

from engine.definitions.store import DefinitionStore
from engine.human_tasks.assignment import StaffDirectory
from engine.human_tasks.form_values import FoundFile, Reading, TextReader
from engine.incidents import Incident
from engine.instances.live_cases import LiveCases
from engine.instances.report import StepReport
from engine.operations import Operation

StepListener = Callable[[Session, StepReport, datetime], None]
IncidentListener = Callable[[Session, Incident, datetime], None]
FindFile = Callable[[Session, int, str], FoundFile | None]  # (session, instance id, SHA-256)


@dataclass
class Kernel:
    """Registries and caches of one process. `listeners` run inside the transaction of the step that they hear of.

    `incident_listeners` hear of what no step tells: an incident of no case, and every incident that is resolved.
    """

    operations: Mapping[str, Operation]
    directory: Callable[[Session], StaffDirectory]
    text_kinds: Mapping[str, TextReader] = field(default_factory=dict)
    listeners: Sequence[StepListener] = ()
    incident_listeners: Sequence[IncidentListener] = ()
    find_file: FindFile | None = None
    asks: Mapping[str, frozenset[str]] = field(default_factory=dict)  # decisions that pages ask -> what they give
    store: DefinitionStore = field(default_factory=DefinitionStore)
    live_cases: LiveCases = field(default_factory=LiveCases)

    def tell_of_incident(self, session: Session, incident: Incident, now: datetime) -> None:
        for listener in self.incident_listeners:
            listener(session, incident, now)

    def reading_for(self, session: Session, instance_id: int, reading: Reading) -> Reading:
        """How a form of this case is read: only files that were handed in for it count."""
        find = self.find_file
        if find is None:
            return reading
        return replace(reading, find_file=lambda sha256: find(session, instance_id, sha256))
