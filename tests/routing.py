"""Applications are created by the thousand here; their rules are compiled once.

Werkzeug builds and compiles a syntax tree for every rule of every application, nine tenths of what `create_app`
costs. The result depends on the rule's parts and defaults alone: what it needs of the rule itself it gets when it
is bound. So one is kept for each kind of rule.
"""

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

_compile = Rule._compile_builder
_builders: dict[object, Callable[..., tuple[str, str]]] = {}


def _compile_once(rule: Any, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
    key = (tuple(rule._trace), repr(sorted((rule.defaults or {}).items())), append_unknown)
    if key not in _builders:
        _builders[key] = _compile(rule, append_unknown)
    return _builders[key]


def compile_rules_once() -> None:
    """From here on, in this process."""
    Rule._compile_builder = _compile_once  # type: ignore[method-assign]
