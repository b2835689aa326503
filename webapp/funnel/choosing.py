"""Whose funnel a page shows when nobody has said which: that of the reader's own department."""

from collections import Counter
from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.definitions.store import Definition
from engine.errors import UnknownDefinition
from engine.milestones.models import Episode
from webapp.core.clock import now
from webapp.core.permissions import RowScope
from webapp.core.workflow import engine
from webapp.staff.roles import BY_NAME, Department

LATELY = timedelta(days=90)


def find_measured(session: Session) -> dict[str, Definition]:
    """The published processes that have milestones."""
    return {each.key: each for each in engine().store.live(session) if each.plan.milestones}


def choose_definition(
    session: Session, wanted: str, roles: Collection[str], reach: RowScope
) -> tuple[Definition | None, dict[str, Definition]]:
    """The process that is asked for, else the one of these roles' departments that opens most cases, else the longest.

    Only among those that have milestones. Raises UnknownDefinition for a process that has none or is not published.
    """
    measured = find_measured(session)
    if wanted and wanted not in measured:
        raise UnknownDefinition("process_unknown", process=wanted)
    if wanted:
        return measured[wanted], measured
    mine = {BY_NAME[role].department for role in roles if role in BY_NAME} - {Department.GROUP}
    own = [each for each in measured.values() if department_of(each) in mine]
    opened = _opened_lately(session, [each.key for each in own], reach) if len(own) > 1 else {}
    chosen = max(
        own or measured.values(),
        key=lambda each: (opened.get(each.key, 0), len(each.plan.milestones)),
        default=None,
    )
    return chosen, measured


def _opened_lately(session: Session, keys: Collection[str], reach: RowScope) -> dict[str, int]:
    """How many cases of each process were opened lately, of those in reach. One statement."""
    counted = (
        select(Episode.process_key, func.count())
        .where(Episode.process_key.in_(keys), Episode.opened_at >= now() - LATELY)
        .group_by(Episode.process_key)
    )
    limited = reach.limit(counted, owner=Episode.owner_id, scope=Episode.scope_id)
    return {key: number for key, number in session.execute(limited)}  # noqa: C416  # rows, not pairs, for mypy


def department_of(definition: Definition) -> Department | None:
    """Whose people do most of its steps."""
    doing = Counter(
        role.department
        for _, element in definition.nodes()
        if element.is_user_task and (role := BY_NAME.get(element.role or "")) is not None
    )
    return max(doing, key=lambda each: doing[each], default=None)
