"""What holds for the drawings of each department, and whether a person or an operation fits."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from engine.definitions.models import ProcessDefinition
from engine.persistence import insert_for, table_of
from webapp.core import audit
from webapp.core.errors import Forbidden, NotFound
from webapp.core.feature import Text
from webapp.studio.departments.models import ApprovalPolicy, DepartmentPerson, DepartmentRules, Part
from webapp.studio.models import Draft, DraftKind

OWN = "own"  # what is drawn here and belongs to no department

# the folder of a file says whose it is
DEPARTMENTS: Mapping[str, Text] = {
    "sales": _l("Sales"),
    "aftersales": _l("Service"),
    "campaigns": _l("Marketing"),
    "common": _l("Everybody"),
    OWN: _l("Own"),
}
ALL = "*"


@dataclass(frozen=True)
class Rules:
    """What holds in one department. `allowed`: names of operations, `slice.*` or `*`."""

    department: str
    policy: ApprovalPolicy = ApprovalPolicy.TOUCHED
    allowed: frozenset[str] = frozenset()
    owner_id: int | None = None
    drawers: frozenset[int] = field(default_factory=frozenset)
    approvers: frozenset[int] = field(default_factory=frozenset)

    def may_draw(self, person_id: int) -> bool:
        """Of those who have the permission to draw: is it this person's department?"""
        return not self.drawers or person_id in self.drawers or person_id == self.owner_id

    def may_approve(self, person_id: int) -> bool:
        """Of those who have the permission to approve."""
        return not self.approvers or person_id in self.approvers

    def may_use(self, operation: str) -> bool:
        return bool({operation, f"{operation.partition('.')[0]}.*", ALL} & self.allowed)

    def people(self) -> frozenset[int]:
        return self.drawers | self.approvers | ({self.owner_id} if self.owner_id is not None else set())


def department_of(path: str) -> str:
    """Whose a file is: the second folder of `processes/sales/pdi.bpmn`, the first of the key of a form."""
    parts = path.split("/")
    return parts[1] if len(parts) > 2 and parts[1] in DEPARTMENTS else OWN


def department_of_process(session: Session, key: str) -> str:
    """Whose a process is, drawn or live; own where there is none."""
    path = session.scalar(select(Draft.path).where(Draft.kind == DraftKind.PROCESS, Draft.key == key))
    if path is None:
        newest = select(func.max(ProcessDefinition.id)).where(ProcessDefinition.key == key).scalar_subquery()
        path = session.scalar(select(ProcessDefinition.source).where(ProcessDefinition.id == newest))
    return department_of(path or "")


def rules_of(session: Session) -> Mapping[str, Rules]:
    """Every department; two statements."""
    rows = {row.name: row for row in session.scalars(select(DepartmentRules))}
    people: dict[tuple[str, Part], set[int]] = defaultdict(set)
    for each in session.scalars(select(DepartmentPerson)):
        people[each.department, each.part].add(each.person_id)
    return {
        name: Rules(
            name,
            rows[name].policy if name in rows else ApprovalPolicy.TOUCHED,
            frozenset(rows[name].operations.split()) if name in rows else _shipped(name),
            rows[name].owner_id if name in rows else None,
            frozenset(people[name, Part.DRAWS]),
            frozenset(people[name, Part.APPROVES]),
        )
        for name in DEPARTMENTS
    }


def rules_for(session: Session, path: str) -> Rules:
    """What holds for a file."""
    return rules_of(session)[department_of(path)]


def check_drawer(session: Session, paths: Iterable[str], person_id: int) -> None:
    """Raises Forbidden where others draw."""
    rules = rules_of(session)
    for department in {department_of(path) for path in paths}:
        if not rules[department].may_draw(person_id):
            raise Forbidden("department_of_others", department=DEPARTMENTS[department])


def set_rules(
    session: Session,
    department: str,
    *,
    owner_id: int | None,
    policy: ApprovalPolicy,
    operations: Sequence[str],
    people: Mapping[Part, Iterable[int]],
    actor_id: int | None,
    now: datetime,
) -> None:
    """Write down what holds from now on. Raises NotFound for a department that there is not."""
    if department not in DEPARTMENTS:
        raise NotFound("department_unknown")
    row = _row(session, department, now)
    row.owner_id, row.policy, row.operations = owner_id, policy, " ".join(sorted(set(operations)))
    row.changed_at, row.changed_by = now, actor_id
    session.execute(delete(DepartmentPerson).where(DepartmentPerson.department == department))
    named = {part: sorted(set(ids)) for part, ids in people.items()}
    for part, ids in named.items():
        session.add_all(DepartmentPerson(department=department, person_id=each, part=part) for each in ids)
    audit.record(
        session,
        action="studio.department.changed",
        subject=f"department:{department}",
        actor_id=actor_id,
        now=now,
        owner=owner_id,
        policy=policy,
        operations=row.operations,
        **{part.value: ids for part, ids in named.items()},
    )


def _row(session: Session, department: str, now: datetime) -> DepartmentRules:
    """The row of a department, made if there was none, and held: two who decide at once do so one after the other."""
    insert = insert_for(session.get_bind().dialect.name, table_of(DepartmentRules))
    first = {"name": department, "policy": ApprovalPolicy.TOUCHED, "operations": "", "changed_at": now}
    session.execute(insert.values(first).on_conflict_do_nothing())
    held = select(DepartmentRules).where(DepartmentRules.name == department).with_for_update()
    return session.scalars(held.execution_options(populate_existing=True)).one()


def _shipped(department: str) -> frozenset[str]:
    """Departments use their own operations; what belongs to none may use all."""
    return frozenset({ALL}) if department in {OWN, "common"} else frozenset({f"{department}.*"})
