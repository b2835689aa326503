"""The ordered milestones of a process, as its drawing declares them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from engine.errors import BusinessError

NAME = re.compile(r"[^\W\d]\w{0,59}")  # episode_milestone.milestone holds 60 characters
NO_ALIASES: Mapping[str, str] = MappingProxyType({})


class MilestonePlanRefused(BusinessError):
    """The property `milestones` or `milestoneAliases` cannot be read; `details` names the entry."""


@dataclass(frozen=True)
class MilestonePlan:
    """Milestones in their order, mandatory or not, and what milestones removed since are counted as.

    All cases of a process are ranked by one plan, that of its latest published version: a bar
    compares cases of all versions. When a new version changes it, `engine.milestones.rebuilding.adopt_plan`
    brings the stored episodes in line; the log keeps the names it was written with.
    """

    process_key: str
    ordered: tuple[tuple[str, bool], ...] = ()  # (milestone, mandatory)
    aliases: Mapping[str, str] = field(default_factory=lambda: NO_ALIASES, hash=False)

    @classmethod
    def parse(cls, process_key: str, milestones: str, aliases: str = "") -> "MilestonePlan":
        """Read the process properties `milestones` ("contact, visit?") and `milestoneAliases` ("call = contact").

        A `?` marks an optional milestone. An alias leads from a name that is declared no more to one
        that is. Raises MilestonePlanRefused with the code milestone_name_unfit, milestone_declared_twice,
        milestone_alias_unfit, milestone_alias_declared or milestone_alias_unknown.
        """
        ordered = [_read_entry(process_key, entry) for entry in _entries(milestones)]
        names = [name for name, _ in ordered]
        for name in names:
            if names.count(name) > 1:
                raise MilestonePlanRefused("milestone_declared_twice", process=process_key, milestone=name)
        return cls(process_key, tuple(ordered), _read_aliases(process_key, aliases, names))

    @cached_property
    def milestones(self) -> tuple[str, ...]:
        """All milestones in their order."""
        return tuple(name for name, _ in self.ordered)

    @cached_property
    def mandatory(self) -> tuple[str, ...]:
        """The milestones that have a rank, in their order: rank 1 first."""
        return tuple(name for name, mandatory in self.ordered if mandatory)

    @cached_property
    def ranks(self) -> Mapping[str, int]:
        """Ranks from 1 of the mandatory milestones."""
        return {name: rank for rank, name in enumerate(self.mandatory, 1)}

    def rank(self, milestone: str) -> int:
        """The rank of a milestone; 0 for optional and undeclared ones."""
        return self.ranks.get(milestone, 0)

    def resolve(self, logged: str) -> str:
        """The milestone under which a logged name counts today."""
        return self.aliases.get(logged, logged)

    def before(self, milestone: str) -> str | None:
        """The mandatory milestone that precedes this one: time into a milestone is measured from it."""
        position = self.milestones.index(milestone)
        return next((name for name, mandatory in reversed(self.ordered[:position]) if mandatory), None)


def _entries(text: str) -> Sequence[str]:
    return [entry.strip() for entry in text.split(",") if entry.strip()]


def _read_entry(process_key: str, entry: str) -> tuple[str, bool]:
    name = entry.removesuffix("?").rstrip()
    if not NAME.fullmatch(name):
        raise MilestonePlanRefused("milestone_name_unfit", process=process_key, milestone=entry)
    return name, not entry.endswith("?")


def _read_aliases(process_key: str, text: str, declared: Sequence[str]) -> Mapping[str, str]:
    aliases: dict[str, str] = {}
    for entry in _entries(text):
        removed, equals, target = (part.strip() for part in entry.partition("="))
        if not equals or not NAME.fullmatch(removed):
            raise MilestonePlanRefused("milestone_alias_unfit", process=process_key, alias=entry)
        if removed in declared or removed in aliases:
            raise MilestonePlanRefused("milestone_alias_declared", process=process_key, alias=entry)
        if target not in declared:
            raise MilestonePlanRefused("milestone_alias_unknown", process=process_key, alias=entry)
        aliases[removed] = target
    return MappingProxyType(aliases)
