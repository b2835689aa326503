"""A day with many tasks of every kind: late, today, in the coming days, free for the role, and new leads."""

from datetime import timedelta

from sqlalchemy.orm import Session

from engine.human_tasks.models import HumanTask
from tests.webapp.errands import Errands
from tests.webapp.sales.factories import make_visit, make_worksheet
from tests.webapp.staff.factories import NOW
from webapp.control.services import check_cases
from webapp.sales.models import SUBJECT
from webapp.staff.models import Centre, User

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def fill_day(
    session: Session, errands: Errands, person: User, centre: Centre, number: int, *, head: User
) -> list[HumanTask]:
    """So many tasks for the person, each of a customer of his own: a sixth of each kind, a sixth with an instruction.

    Whoever is due today is also expected today. The person must hold the roles of salesperson and call centre.
    """
    sheets = [make_worksheet(session, person, centre) for _ in range(number)]
    for sheet in sheets[1::6]:
        make_visit(session, sheet, at=NOW + 2 * HOUR)
    session.commit()
    tasks = []
    for place, sheet in enumerate(sheets):
        to, key, due, begun = (
            (person, "errand", NOW - place * MINUTE, NOW - DAY),  # late
            (person, "errand", NOW + 3 * HOUR, NOW - DAY),  # today
            (person, "errand", NOW + (1 + place % 9) * DAY, NOW - DAY),  # in the coming days
            (None, "errand", NOW + 5 * HOUR, NOW - DAY),  # free for the role
            (None, "lead", None, NOW - 4 * MINUTE),  # a new lead
            (person, "errand", NOW + 4 * HOUR, NOW - DAY),  # with an instruction
        )[place % 6]
        subject = f"{SUBJECT}:{sheet.id}"
        tasks.append(errands.open(to, key=key, due=due, now=begun, centre=centre, business_key=subject))
    told = [task.instance_id for task in tasks[5::6]]
    errands.act(
        lambda writing, engine: check_cases(
            writing, engine, told, instruction="Offer a drive", actor_id=head.id, now=NOW - HOUR
        )
    )
    return tasks
