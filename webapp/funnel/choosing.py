"""Whose funnel a page shows when nobody has said which: that of the reader's own department."""

from collections import Counter
from collections.abc import Collection

from sqlalchemy.orm import Session

from engine.definitions.store import Definition
from engine.errors import UnknownDefinition
from webapp.core.workflow import engine
from webapp.staff.roles import BY_NAME, Department


def choose_definition(
    session: Session, wanted: str, roles: Collection[str] = ()
) -> tuple[Definition | None, dict[str, Definition]]:
    """The process that is asked for, else the longest of the departments of these roles, else the longest.

    Only among those that have milestones. Raises UnknownDefinition for a process that has none or is not published.
    """
    measured = {each.key: each for each in engine().store.live(session) if each.plan.milestones}
    if wanted and wanted not in measured:
        raise UnknownDefinition("process_unknown", process=wanted)
    if wanted:
        return measured[wanted], measured
    mine = {BY_NAME[role].department for role in roles if role in BY_NAME} - {Department.GROUP}
    own = [each for each in measured.values() if department_of(each) in mine]
    longest = max(own or measured.values(), key=lambda each: len(each.plan.milestones), default=None)
    return longest, measured


def department_of(definition: Definition) -> Department | None:
    """Whose people do most of its steps."""
    doing = Counter(
        role.department
        for _, element in definition.nodes()
        if element.is_user_task and (role := BY_NAME.get(element.role or "")) is not None
    )
    return max(doing, key=lambda each: doing[each], default=None)
