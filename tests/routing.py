"""Applications are created by the thousand here; equal routes are mapped once.

Werkzeug parses and compiles every rule of every application, nine tenths of what `create_app` costs. The outcome
depends on the rules alone, so applications with the same ones share it.
"""

from collections.abc import Iterable
from typing import Any

from flask import Flask
from werkzeug.routing import Map, MapAdapter, Rule
from werkzeug.routing.matcher import StateMachineMatcher
from werkzeug.routing.rules import RuleFactory

Mapped = tuple[StateMachineMatcher, dict[Any, list[Rule]]]

_mapped: dict[tuple[object, ...], Mapped] = {}


class SharedMap(Map):
    """A map that is made when it is asked, unless there was one with the same rules."""

    def __init__(self, rules: Iterable[RuleFactory] | None = None, *args: Any, **options: Any) -> None:
        self._given: list[Rule] = []
        self._whole = True
        super().__init__(rules, *args, **options)

    def add(self, rulefactory: RuleFactory) -> None:
        self._given += rulefactory.get_rules(self)
        self._whole = False

    def bind(self, *args: Any, **options: Any) -> MapAdapter:
        self.update()
        return super().bind(*args, **options)

    def update(self) -> None:
        if self._whole:
            return
        self._whole = True
        told = tuple(map(_told, self._given))
        if told not in _mapped:
            _mapped[told] = self._made()
        self._matcher, self._rules_by_endpoint = _mapped[told]

    def _made(self) -> Mapped:
        self._matcher, self._rules_by_endpoint = StateMachineMatcher(self.merge_slashes), {}
        for rule in self._given:
            rule.map = None  # it may have been asked before the last ones were added
            super().add(rule)
        super().update()
        return self._matcher, self._rules_by_endpoint


def _told(rule: Rule) -> tuple[object, ...]:
    methods = tuple(sorted(rule.methods or ()))
    return rule.rule, rule.endpoint, methods, repr(sorted((rule.defaults or {}).items())), rule.strict_slashes


def map_routes_once() -> None:
    """From here on, in this process."""
    Flask.url_map_class = SharedMap
