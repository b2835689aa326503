"""Which cases a person may look at: those in reach, and those that his department has been asked to serve.

A car with its buyer is one project of several departments. Once a step of a case has been offered to a department's
role in its centre, the case stays open to it for reading, also after the step is done. Changing is asked separately.
"""

from sqlalchemy import ColumnElement, and_, exists, or_

from engine.human_tasks.models import HumanTask
from engine.instances.models import ProcessInstance
from webapp.core.permissions import RowScope


def case_within(reach: RowScope) -> ColumnElement[bool]:
    """The condition on `ProcessInstance`. The steps of each case are looked at, so that a page of a list costs a page.

    The cases that a department was ever asked for, looked up once, would be as many as its history is long.
    """
    in_reach = reach.condition(owner=ProcessInstance.owner_id, scope=ProcessInstance.scope_id)
    if not reach.served:
        return in_reach
    return or_(in_reach, exists().where(HumanTask.instance_id == ProcessInstance.id, _offered_to(reach)))


def _offered_to(reach: RowScope) -> ColumnElement[bool]:
    ways = []
    for role, centre in sorted(reach.served, key=str):
        if centre is None:
            ways.append(HumanTask.candidate_role == role)
        else:
            here = or_(HumanTask.scope_id == centre, HumanTask.scope_id.is_(None))
            ways.append(and_(HumanTask.candidate_role == role, here))
    roles = sorted({role for role, _ in reach.served})  # said apart, so that the index of roles is entered with them
    return and_(HumanTask.candidate_role.in_(roles), or_(*ways))
