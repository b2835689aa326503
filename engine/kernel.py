"""What every part of the runtime shares: set up once by the composition root."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from engine.definitions.store import DefinitionStore
from engine.human_tasks.assignment import StaffDirectory
from engine.human_tasks.form_values import TextReader
from engine.instances.live_cases import LiveCases
from engine.instances.report import StepReport
from engine.operations import Operation

StepListener = Callable[[Session, StepReport, datetime], None]


@dataclass
class Kernel:
    """Registries and caches of one process. `listeners` run inside the transaction of the step that they hear of."""

    operations: Mapping[str, Operation]
    directory: Callable[[Session], StaffDirectory]
    text_kinds: Mapping[str, TextReader] = field(default_factory=dict)
    listeners: Sequence[StepListener] = ()
    store: DefinitionStore = field(default_factory=DefinitionStore)
    live_cases: LiveCases = field(default_factory=LiveCases)
