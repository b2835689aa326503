"""FEEL, the only expression language of diagrams, tables and forms.

Values: number = Decimal (34 digits), str, bool, None, list, dict (context), date, time, datetime,
timedelta (days and time), YearsMonths, Range. Plain ints, floats and tuples are read as such.
A wrong type gives null; only a text that is no expression, an exhausted budget, and a Python object
that is no value raise (FeelError). Names with spaces: see cursor.py; regular expressions: patterns.py.
"""

from typing import Final

from engine.feel.builtins import BUILTINS
from engine.feel.durations import format_duration, parse_duration
from engine.feel.errors import FeelBudgetExceeded, FeelError, FeelEvaluationError, FeelSyntaxError
from engine.feel.expression import Expression, UnaryTests, compile_expression, compile_unary_tests, evaluate
from engine.feel.patterns import fits, is_usable_pattern
from engine.feel.values import FeelFunction, Range, YearsMonths

KNOWN_FUNCTIONS: Final[frozenset[str]] = frozenset(BUILTINS)

__all__ = [
    "KNOWN_FUNCTIONS",
    "Expression",
    "FeelBudgetExceeded",
    "FeelError",
    "FeelEvaluationError",
    "FeelFunction",
    "FeelSyntaxError",
    "Range",
    "UnaryTests",
    "YearsMonths",
    "compile_expression",
    "compile_unary_tests",
    "evaluate",
    "fits",
    "format_duration",
    "is_usable_pattern",
    "parse_duration",
]
