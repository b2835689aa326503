"""Looking at cases: what would become of them in another version. Nothing is written."""

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from engine import case_data
from engine.errors import BusinessError, DatabaseBusy, EngineError
from engine.instances.case import Case
from engine.instances.models import CaseData, InstanceStatus, ProcessInstance
from engine.kernel import Kernel
from engine.migration import cases
from engine.migration.mapping import Change
from engine.migration.models import CaseStage
from engine.spiff.obstacles import NotTransferable, Obstacle

logger = logging.getLogger(__name__)

MAX_ERROR = 2000


@dataclass(frozen=True)
class Found:
    """What became of one case, or would become of it."""

    stage: CaseStage
    obstacle: Obstacle | None = None
    error: str | None = None


@dataclass(frozen=True)
class Alike:
    """Cases of which the same was found; `sample` is one of them."""

    found: Found
    cases: int
    sample: int


@dataclass(frozen=True)
class Impact:
    """What would become of the open cases of a version, the most frequent first. `looked_at` of `open_cases`."""

    open_cases: int
    looked_at: int
    alike: Sequence[Alike]

    def number(self, *stages: CaseStage) -> int:
        """How many of those that were looked at."""
        return sum(each.cases for each in self.alike if each.found.stage in stages)


def impact(session: Session, kernel: Kernel, change: Change, *, now: datetime, limit: int = 2000) -> Impact:
    """Look at the open cases of the old version, the oldest first, and no more than `limit` of them."""
    running = (ProcessInstance.definition_id == change.old.id) & (ProcessInstance.status == InstanceStatus.ACTIVE)
    open_cases = session.scalar(select(func.count()).select_from(ProcessInstance).where(running)) or 0
    ids = session.scalars(select(ProcessInstance.id).where(running).order_by(ProcessInstance.id).limit(limit)).all()
    found = look_at(session, kernel, change, ids, now=now)
    counted = Counter(found.values())
    samples = {each: instance_id for instance_id, each in reversed(list(found.items()))}
    alike = [Alike(each, number, samples[each]) for each, number in counted.most_common()]
    return Impact(open_cases, len(ids), alike)


def look_at(
    session: Session, kernel: Kernel, change: Change, ids: Sequence[int], *, now: datetime
) -> Mapping[int, Found]:
    """Try these cases; one that is closed or in another version is gone."""
    found: dict[int, Found] = dict.fromkeys(ids, Found(CaseStage.GONE))
    rows = session.execute(
        select(ProcessInstance.__table__, CaseData.document)
        .join(CaseData, CaseData.instance_id == ProcessInstance.id)
        .where(ProcessInstance.id.in_(ids))
    ).mappings()
    for row in rows:
        if row["status"] != InstanceStatus.ACTIVE or row["definition_id"] != change.old.id:
            continue
        case = Case(
            instance_id=row["id"],
            definition=change.old,
            business_key=row["business_key"],
            scope_id=row["scope_id"],
            owner_id=row["owner_id"],
            status=row["status"],
            rev=row["rev"],
            state=row["state"],
            started_at=row["started_at"],
            document=case_data.load(row["document"]),
        )
        found[case.id] = judged(lambda case=case: cases.look(session, kernel, change, case, now=now), CaseStage.SAFE)  # type: ignore[misc]
    return found


def judged(act: Callable[[], None], well: CaseStage, forget: Callable[[], None] = lambda: None) -> Found:
    """Do something with a case; what stands in its way is the answer."""
    try:
        act()
    except NotTransferable as refusal:
        forget()
        codes = {each.code for each in refusal.obstacles}
        stage = CaseStage.UNMAPPED if codes == {"unmapped"} else CaseStage.BLOCKED
        first = next(each for each in refusal.obstacles if stage is CaseStage.UNMAPPED or each.code != "unmapped")
        return Found(stage, first)
    except cases.CaseGone:
        forget()
        return Found(CaseStage.GONE)
    except (DatabaseBusy, DBAPIError):
        raise
    except (BusinessError, EngineError) as refusal:
        forget()
        return Found(CaseStage.FAILED, error=str(refusal)[:MAX_ERROR])
    except Exception as error:  # one broken case must not stop the others: it stays as it was and is listed
        logger.exception("a case could not be taken over")
        forget()
        return Found(CaseStage.FAILED, error=f"{type(error).__name__}: {error}"[:MAX_ERROR])
    return Found(well)
