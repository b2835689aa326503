"""Relations between points and ranges (Allen's interval algebra).

Each end is a position on the line: a value and, for an end that is not included, a hair's breadth
beside it. Every relation of the standard's table is then a comparison of positions.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from engine.feel import nodes
from engine.feel.budget import Run
from engine.feel.builtins.registry import Library
from engine.feel.comparison import all_true, excludes, order
from engine.feel.errors import FeelSyntaxError
from engine.feel.parser import Parser
from engine.feel.temporal import duration_or_null, parse_date, parse_date_time, parse_time
from engine.feel.values import Range

MAX_RANGE_TEXT: Final = 200

library = Library()
declare = library.declare


@dataclass(frozen=True)
class Position:
    """`beside`: 0 at the value, 1 just after, -1 just before; `endless`: beyond every value on that side."""

    value: object
    beside: int = 0
    endless: int = 0


@dataclass(frozen=True)
class Extent:
    lower: Position
    upper: Position
    is_range: bool


def extent_of(value: object) -> Extent | None:
    if value is None or (isinstance(value, Range) and excludes(value)):
        return None
    if not isinstance(value, Range):
        return Extent(Position(value), Position(value), is_range=False)
    lower = Position(value.start, 0 if value.start_included else 1, -int(value.endless and value.start is None))
    upper = Position(value.end, 0 if value.end_included else -1, int(value.endless and value.end is None))
    return Extent(lower, upper, is_range=True)


def _compare(one: Position, other: Position) -> int | None:
    if one.endless or other.endless:
        return (one.endless > other.endless) - (one.endless < other.endless)
    found = order(one.value, other.value)
    return found or (one.beside > other.beside) - (one.beside < other.beside) if found is not None else None


def less(one: Position, other: Position) -> bool | None:
    found = _compare(one, other)
    return None if found is None else found < 0


def at_most(one: Position, other: Position) -> bool | None:
    found = _compare(one, other)
    return None if found is None else found <= 0


def same(one: Position, other: Position) -> bool | None:
    found = _compare(one, other)
    return None if found is None else found == 0


Relation = Callable[[Extent, Extent], bool | None]


def before(one: Extent, other: Extent) -> bool | None:
    return less(one.upper, other.lower)


def meets(one: Extent, other: Extent) -> bool | None:
    return same(one.upper, other.lower)


def overlaps(one: Extent, other: Extent) -> bool | None:
    return all_true((at_most(other.lower, one.upper), at_most(one.lower, other.upper)))


def overlaps_before(one: Extent, other: Extent) -> bool | None:
    return all_true((less(one.lower, other.lower), at_most(other.lower, one.upper), at_most(one.upper, other.upper)))


def finishes(one: Extent, other: Extent) -> bool | None:
    return all_true((same(one.upper, other.upper), at_most(other.lower, one.lower)))


def includes(one: Extent, other: Extent) -> bool | None:
    return all_true((at_most(one.lower, other.lower), at_most(other.upper, one.upper)))


def starts(one: Extent, other: Extent) -> bool | None:
    return all_true((same(one.lower, other.lower), at_most(one.upper, other.upper)))


def coincides(one: Extent, other: Extent) -> bool | None:
    return all_true((same(one.lower, other.lower), same(one.upper, other.upper)))


def _declare(name: str, reversed_name: str, relation: Relation, ranges: tuple[bool, bool] | None) -> None:
    """A relation and its reverse. `ranges`: which side must be a range; None: two points or two ranges."""

    def judge(one: object, other: object) -> bool | None:
        left, right = extent_of(one), extent_of(other)
        if left is None or right is None:
            return None
        if ranges is None:
            fits = left.is_range == right.is_range
        else:
            fits = (left.is_range or not ranges[0]) and (right.is_range or not ranges[1])
        return relation(left, right) if fits else None

    ways = [("range1", "range2"), ("range", "point"), ("point", "range"), ("point1", "point2")]
    signatures = [f"{one}: any, {other}: any" for one, other in ways]
    declare(name, *signatures)(lambda run, one, other: judge(one, other))
    if reversed_name:
        declare(reversed_name, *signatures)(lambda run, one, other: judge(other, one))


@declare("range", "from: string")
def range_from(run: Run, text: str) -> Range | None:
    """A text such as "[1..3]" whose ends are literals, or dates, times and durations made from a text."""
    if len(text) > MAX_RANGE_TEXT:
        return None
    run.charge(10 * len(text))
    try:
        tree = Parser(text).parse_expression()
    except FeelSyntaxError:
        return None
    if not isinstance(tree, nodes.Interval):
        return None
    start, end = _literal_value(tree.start), _literal_value(tree.end)
    if order(start, end) not in (-1, 0):
        return None
    return Range(start, end, tree.start_included, tree.end_included)


def _literal_value(node: nodes.Node) -> object:
    if isinstance(node, nodes.Literal):
        return node.value
    if isinstance(node, nodes.Call) and isinstance(node.function, nodes.Name) and len(node.arguments) == 1:
        argument = node.arguments[0]
        if isinstance(argument, nodes.Literal) and isinstance(argument.value, str):
            parse = FROM_TEXT.get(node.function.name)
            return parse(argument.value) if parse else None
    return None


FROM_TEXT: Final[dict[str, Callable[[str], object]]] = {
    "date": parse_date,
    "time": parse_time,
    "date and time": parse_date_time,
    "duration": duration_or_null,
}

_declare("before", "after", before, (False, False))
_declare("meets", "met by", meets, (True, True))
_declare("overlaps", "", overlaps, (True, True))
_declare("overlaps before", "overlaps after", overlaps_before, (True, True))
_declare("finishes", "finished by", finishes, (False, True))
_declare("includes", "during", includes, (True, False))
_declare("starts", "started by", starts, (False, True))
_declare("coincides", "", coincides, None)
