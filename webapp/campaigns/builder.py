"""The rule of a segment as the builder's page shows it: groups of criteria, each group joined and perhaps excluded.

The page keeps everything in its fields, so that adding a criterion loses nothing: `g0.join`, `g0c1.from`, `g0c1.in`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from webapp.campaigns.rules.fields import FIELDS, Field, Kind, Operator
from webapp.campaigns.rules.tree import Criterion, Group, Join, Node, Not, RuleInvalid, criterion

MOST_GROUPS = 8
MOST_CRITERIA = 12
_ACT = re.compile(r"(add|drop|group|ungroup)(?::(\d))?(?::([a-z_]+|\d\d?))?")


@dataclass
class CriterionForm:
    """One criterion as typed; `lower`, `upper` and `days` are texts that may be anything."""

    field: Field
    op: Operator
    lower: str = ""
    upper: str = ""
    days: str = ""
    chosen: Sequence[str] = ()
    wrong: bool = False

    def read(self) -> Criterion | None:
        """The criterion, or None where something is missing or wrong."""
        value: object = list(self.chosen)
        if self.field.kind is Kind.RANGE:
            value = [self.lower, self.upper]
        elif self.field.kind is Kind.DAYS:
            value = self.days
        try:
            return criterion(self.field.name, self.op, value)
        except RuleInvalid:
            return None


@dataclass
class GroupForm:
    join: Join = Join.ALL
    excluded: bool = False
    criteria: list[CriterionForm] = field(default_factory=list)


@dataclass
class RuleForm:
    join: Join = Join.ALL
    groups: list[GroupForm] = field(default_factory=list)

    def rule(self) -> Node:
        """The tree of what is complete; what is half typed is left out."""
        parts: list[Node] = []
        for group in self.groups:
            criteria = tuple(found for each in group.criteria if (found := each.read()) is not None)
            if criteria:
                inner = Group(group.join, criteria)
                parts.append(Not(inner) if group.excluded else inner)
        return Group(self.join, tuple(parts)) if parts else Group(Join.ALL)

    def mark_wrong(self) -> bool:
        """Mark what is half typed; whether there is any."""
        for each in self._criteria():
            each.wrong = each.read() is None
        return any(each.wrong for each in self._criteria())

    def act(self, wanted: str) -> None:
        """Carry out a button of the page; one that means nothing any more changes nothing."""
        found = _ACT.fullmatch(wanted)
        if found is None:
            return
        verb, number, what = found.groups()
        place = int(number or 0)
        if verb == "group" and len(self.groups) < MOST_GROUPS:
            self.groups.append(GroupForm())
        if place >= len(self.groups):
            return
        group = self.groups[place]
        if verb == "add" and what in FIELDS and len(group.criteria) < MOST_CRITERIA:
            group.criteria.append(CriterionForm(FIELDS[what], FIELDS[what].operators[0]))
        elif verb == "drop" and what and what.isdigit() and int(what) < len(group.criteria):
            del group.criteria[int(what)]
        elif verb == "ungroup" and len(self.groups) > 1:
            del self.groups[place]

    def _criteria(self) -> list[CriterionForm]:
        return [each for group in self.groups for each in group.criteria]


def read_form(typed: MultiDict[str, str]) -> RuleForm:
    """What stands in the fields of the page, whatever it is."""
    form = RuleForm(join=_join(typed.get("join")))
    for place in range(MOST_GROUPS):
        if f"g{place}.join" not in typed:
            break
        group = GroupForm(_join(typed.get(f"g{place}.join")), typed.get(f"g{place}.not") == "1")
        for number in range(MOST_CRITERIA):
            name = f"g{place}c{number}"
            spec = FIELDS.get(typed.get(f"{name}.field", ""))
            if spec is None:
                break
            op = typed.get(f"{name}.op", "")
            group.criteria.append(
                CriterionForm(
                    spec,
                    Operator(op) if op in spec.operators else spec.operators[0],
                    lower=typed.get(f"{name}.from", "").strip(),
                    upper=typed.get(f"{name}.to", "").strip(),
                    days=typed.get(f"{name}.days", "").strip(),
                    chosen=tuple(typed.getlist(f"{name}.in")),
                )
            )
        form.groups.append(group)
    if not form.groups:
        form.groups.append(GroupForm())
    return form


def show_rule(rule: Node) -> RuleForm:
    """The page's form of a rule that it made. Raises RuleInvalid for one that is deeper than the page."""
    if not isinstance(rule, Group):
        raise RuleInvalid("a rule of the builder is a group")
    groups = []
    for part in rule.parts:
        inner = part.part if isinstance(part, Not) else part
        if not isinstance(inner, Group) or not all(isinstance(each, Criterion) for each in inner.parts):
            raise RuleInvalid("deeper than the builder shows")
        shown = [_show(each) for each in inner.parts if isinstance(each, Criterion)]
        groups.append(GroupForm(inner.join, isinstance(part, Not), shown))
    return RuleForm(rule.join, groups or [GroupForm()])


def _show(asked: Criterion) -> CriterionForm:
    form = CriterionForm(FIELDS[asked.field], asked.op)
    if isinstance(asked.value, int):
        form.days = str(asked.value)
    elif isinstance(asked.value, tuple) and form.field.kind is Kind.RANGE:
        form.lower, form.upper = ("" if end is None else f"{end:f}" for end in asked.value)
    elif isinstance(asked.value, tuple):
        form.chosen = tuple(str(each) for each in asked.value)
    return form


def _join(typed: str | None) -> Join:
    return Join.ANY if typed == Join.ANY else Join.ALL
