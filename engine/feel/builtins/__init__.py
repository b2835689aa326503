"""The built-in functions: those of DMN 1.4 and the extras of Camunda that are free of chance and side effects."""

from typing import Final

from engine.feel.builtins import contexts, conversion, lists, moments, numbers, ranges, statistics, texts
from engine.feel.builtins.registry import Builtin

BUILTINS: Final[dict[str, Builtin]] = {
    name: builtin
    for module in (conversion, texts, lists, statistics, numbers, moments, ranges, contexts)
    for name, builtin in module.library.functions.items()
}

__all__ = ["BUILTINS", "Builtin"]
