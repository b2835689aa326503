"""The ordered milestones of a process and the ratios between them, as its drawing declares them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from engine.errors import BusinessError

NAME = re.compile(r"[^\W\d]\w{0,59}")  # episode_milestone.milestone holds 60 characters
RATIO = re.compile(rf"({NAME.pattern})\s*:\s*({NAME.pattern})\s+of\s+({NAME.pattern})")
MAX_MILESTONES = 200
NO_ALIASES: Mapping[str, str] = MappingProxyType({})


class MilestonePlanRefused(BusinessError):
    """The property `milestones`, `milestoneAliases` or `ratios` cannot be read; `details` names the entry."""


@dataclass(frozen=True)
class Ratio:
    """The share of the episodes that entered `base` which entered `part` too, whatever the order."""

    name: str
    part: str
    base: str


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
    ratios: tuple[Ratio, ...] = ()

    @classmethod
    def parse(cls, process_key: str, milestones: str, aliases: str = "", ratios: str = "") -> "MilestonePlan":
        """Read the process properties `milestones` ("contact, visit?"), `milestoneAliases` ("call = contact")
        and `ratios` ("visit_rate: visit of contact; …").

        A `?` marks an optional milestone. An alias leads from a name that is declared no more to one
        that is. A ratio is between any two milestones, optional or not. Raises MilestonePlanRefused with
        the code milestones_too_many, milestone_name_unfit, milestone_declared_twice, milestone_alias_unfit,
        milestone_alias_declared, milestone_alias_unknown, ratio_unfit, ratio_declared_twice, ratio_of_itself or
        ratio_milestone_unknown.
        """
        entries = _entries(milestones)
        if len(entries) > MAX_MILESTONES:
            raise MilestonePlanRefused("milestones_too_many", process=process_key, limit=MAX_MILESTONES)
        ordered = [_read_entry(process_key, entry) for entry in entries]
        names = [name for name, _ in ordered]
        for name in names:
            if names.count(name) > 1:
                raise MilestonePlanRefused("milestone_declared_twice", process=process_key, milestone=name)
        read = _read_ratios(process_key, ratios, names)
        return cls(process_key, tuple(ordered), _read_aliases(process_key, aliases, names), read)

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

    def ratio(self, name: str | None) -> Ratio | None:
        """The ratio of this name."""
        return next((ratio for ratio in self.ratios if ratio.name == name), None)

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


def _read_ratios(process_key: str, text: str, declared: Sequence[str]) -> tuple[Ratio, ...]:
    found: dict[str, Ratio] = {}
    for entry in filter(None, (part.strip() for part in text.split(";"))):
        read = RATIO.fullmatch(entry)
        if read is None:
            raise MilestonePlanRefused("ratio_unfit", process=process_key, ratio=entry)
        ratio = Ratio(*read.groups())
        if ratio.name in found:
            raise MilestonePlanRefused("ratio_declared_twice", process=process_key, ratio=ratio.name)
        if ratio.part == ratio.base:
            raise MilestonePlanRefused("ratio_of_itself", process=process_key, ratio=ratio.name)
        for milestone in (ratio.part, ratio.base):
            if milestone not in declared:
                details = {"process": process_key, "ratio": ratio.name, "milestone": milestone}
                raise MilestonePlanRefused("ratio_milestone_unknown", **details)
        found[ratio.name] = ratio
    return tuple(found.values())
