"""Applications are created by the thousand here; equal routes are mapped once.

Werkzeug parses and compiles every rule of every application, nine tenths of what `create_app` costs. The outcome
depends on the rules alone, so applications with the same ones share it.
"""

from collections.abc import Iterable
from typing import Any

from flask import Flask
from werkzeug.routing import Map, MapAdapter, Rule
from werkzeug.routing.rules import RuleFactory

_mapped: dict[tuple[object, ...], Map] = {}


class SharedMap(Map):
    """A map that is made when it is first asked, unless there is one with the same rules."""

    def __init__(self, rules: Iterable[RuleFactory] | None = None, *args: Any, **options: Any) -> None:
        self._given: list[Rule] = []
        self._made = False
        super().__init__(rules, *args, **options)

    def add(self, rulefactory: RuleFactory) -> None:
        assert not self._made, "Nobody adds a route to an application that works"
        self._given += rulefactory.get_rules(self)

    def bind(self, *args: Any, **options: Any) -> MapAdapter:
        self.update()
        return super().bind(*args, **options)

    def update(self) -> None:
        if not self._made:
            self._made = True
            same = _mapped.setdefault(tuple(map(_told, self._given)), self)
            if same is self:
                for rule in self._given:
                    super().add(rule)
            self._matcher, self._rules_by_endpoint, self._remap = same._matcher, same._rules_by_endpoint, same._remap
        super().update()


def _told(rule: Rule) -> tuple[object, ...]:
    methods = tuple(sorted(rule.methods or ()))
    return rule.rule, rule.endpoint, methods, repr(sorted((rule.defaults or {}).items())), rule.strict_slashes


def map_routes_once() -> None:
    """From here on, in this process."""
    Flask.url_map_class = SharedMap
