"""Which cases a person may look at: those in reach, and those that his department has been asked to serve.

A car with its buyer is one project of several departments. Once a step of a case has been offered to a department's
role in its centre, the case stays open to it for reading, also after the step is done. Changing is asked separately.
"""

from sqlalchemy import ColumnElement, and_, exists, or_, select

from engine.human_tasks.models import HumanTask
from engine.instances.models import ProcessInstance
from webapp.core.permissions import RowScope


def cases_within(reach: RowScope) -> ColumnElement[bool]:
    """The condition on `ProcessInstance` for lists: the department's cases are looked up once, by role and centre."""
    in_reach = _in_reach(reach)
    if not reach.served:
        return in_reach
    return or_(in_reach, ProcessInstance.id.in_(select(HumanTask.instance_id).where(_offered_to(reach))))


def case_within(reach: RowScope) -> ColumnElement[bool]:
    """The same condition for few cases that are known by their keys: the steps of each are looked at."""
    in_reach = _in_reach(reach)
    if not reach.served:
        return in_reach
    return or_(in_reach, exists().where(HumanTask.instance_id == ProcessInstance.id, _offered_to(reach)))


def _in_reach(reach: RowScope) -> ColumnElement[bool]:
    return reach.condition(owner=ProcessInstance.owner_id, scope=ProcessInstance.scope_id)


def _offered_to(reach: RowScope) -> ColumnElement[bool]:
    ways = []
    for role, centre in sorted(reach.served, key=str):
        if centre is None:
            ways.append(HumanTask.candidate_role == role)
        else:
            here = or_(HumanTask.scope_id == centre, HumanTask.scope_id.is_(None))
            ways.append(and_(HumanTask.candidate_role == role, here))
    return or_(*ways)
