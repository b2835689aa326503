"""Names, paths, filters and calls."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from inspect import signature
from typing import Final

from engine.feel import nodes
from engine.feel.budget import Code, Run, Scope
from engine.feel.builtins import BUILTINS, Builtin
from engine.feel.compiler import Compiler, Place, Rule
from engine.feel.nodes import Node
from engine.feel.properties import property_of
from engine.feel.values import IMMUTABLE, FeelFunction, canonical


def name_of(compiler: Compiler, node: nodes.Name) -> Code:
    name = node.name
    place = compiler.place_of(name)
    if name in BUILTINS and not place.bound:
        return _name_or_builtin(name, _from_afar(name, place))
    if place.in_context and not place.dynamic:

        def from_context(scope: Scope) -> object:
            value = scope.values.get(name)
            return value if type(value) in IMMUTABLE else canonical(value, scope.run)

        return from_context
    if place.bound and not place.dynamic and name != "partial":

        def from_nearest(scope: Scope) -> object:
            return scope.values.get(name)

        return from_nearest
    return _from_afar(name, place)


def _name_or_builtin(name: str, elsewhere: Code) -> Code:
    """A built-in function as a value, `sort(list, before)`, unless there is a value of that name."""
    builtin = BUILTINS[name]
    parameters = tuple(parameter.name for parameter in builtin.overloads[0].parameters)

    def body(scope: Scope) -> object:
        return builtin.invoke(scope.run, [scope.values[parameter] for parameter in parameters])

    def value_of(scope: Scope) -> object:
        value = elsewhere(scope)
        if value is not None:
            return value
        return FeelFunction(parameters, (None,) * len(parameters), body, Scope({}, None, scope.run), 1)

    return value_of


def _from_afar(name: str, place: Place) -> Code:
    # `partial` grows while it is read: whoever reads it gets a copy.
    is_foreign = not place.bound or name == "partial"

    def from_afar(scope: Scope) -> object:
        here = scope
        for dynamic in place.dynamic:
            if dynamic and name in here.values:
                return here.values[name]
            here = here.parent  # type: ignore[assignment]  # there is one scope for each frame
        value = here.values.get(name)
        return canonical(value, scope.run) if is_foreign else value

    return from_afar


def path_of(compiler: Compiler, node: nodes.Path) -> Code:
    segments = [node.name]
    base: Node = node.base
    while isinstance(base, nodes.Path):
        segments.append(base.name)
        base = base.base
    segments.reverse()
    if isinstance(base, nodes.Name):
        place = compiler.place_of(base.name)
        if not place.bound:
            return _path_in_context(base.name, place, tuple(segments))
    return _path_of_value(compiler.compile(base), tuple(segments))


def _path_in_context(name: str, place: Place, segments: tuple[str, ...]) -> Code:
    """The host's mappings are walked as they are; only what is found at the end is read as a FEEL value."""
    dynamic_scopes = place.dynamic

    def walk(scope: Scope) -> object:
        here = scope
        for dynamic in dynamic_scopes:
            if dynamic and name in here.values:
                return _follow(here.values[name], segments, scope.run)
            here = here.parent  # type: ignore[assignment]  # there is one scope for each frame
        value = here.values.get(name)
        for index, segment in enumerate(segments):
            if type(value) is dict or isinstance(value, Mapping):
                value = value.get(segment)
            else:
                return _follow(canonical(value, scope.run), segments[index:], scope.run)
        return value if type(value) in IMMUTABLE else canonical(value, scope.run)

    return walk


def _path_of_value(base: Code, segments: tuple[str, ...]) -> Code:
    return lambda scope: _follow(base(scope), segments, scope.run)


def _follow(value: object, segments: tuple[str, ...], run: Run) -> object:
    for segment in segments:
        value = property_of(value, segment, run)
    return value


def filter_of(compiler: Compiler, node: nodes.Filter) -> Code:
    """A number picks the element (from 1, from the end when negative); a condition keeps those it is true for."""
    base = compiler.compile(node.base)
    with compiler.frame(set(), dynamic=True) as frame:
        predicate = compiler.compile(node.predicate)
    uses_item, weight = frame.uses_item, node.predicate.weight + 3

    def pick(scope: Scope) -> object:
        run = scope.run
        value = base(scope)
        rows = value if isinstance(value, list) else [] if value is None else [value]
        kept: list[object] = []
        for row in rows or [None]:
            run.charge(weight)
            verdict = predicate(Scope(_fields(row, uses_item, run), scope, run))
            if type(verdict) is Decimal:
                return _element(rows, verdict)
            if verdict is True:
                kept.append(row)
        return kept if rows else []

    return pick


def _fields(row: object, uses_item: bool, run: Run) -> Mapping[str, object]:
    if not isinstance(row, dict):
        return {"item": row}
    if not uses_item or "item" in row:
        return row
    run.charge(len(row))
    return {**row, "item": row}


def _element(rows: list[object], index: Decimal) -> object:
    if index != index.to_integral_value() or not 1 <= abs(index) <= len(rows):
        return None
    position = int(index)
    return rows[position - 1 if position > 0 else position]


def call_of(compiler: Compiler, node: nodes.Call) -> Code:
    arguments = compiler.compile_all(node.arguments)
    if isinstance(node.function, nodes.Name):
        name = node.function.name
        free = set(compiler.free_names)
        place = compiler.place_of(name)
        compiler.free_names = free  # a function's name is no name of a value
        if not place.bound:
            compiler.functions.add(name)
            if name in BUILTINS:
                return _builtin_call(BUILTINS[name], arguments, node.names)
            return _host_call(name, _from_afar(name, place), arguments, node.names)
        return _value_call(_from_afar(name, place), arguments, node.names)
    return _value_call(compiler.compile(node.function), arguments, node.names)


def _builtin_call(builtin: Builtin, arguments: tuple[Code, ...], names: tuple[str, ...]) -> Code:
    if names:
        return lambda scope: builtin.invoke_named(
            scope.run, {name: code(scope) for name, code in zip(names, arguments, strict=True)}
        )
    return lambda scope: builtin.invoke(scope.run, [code(scope) for code in arguments])


def _value_call(function: Code, arguments: tuple[Code, ...], names: tuple[str, ...]) -> Code:
    def invoke(scope: Scope) -> object:
        return _invoke(function(scope), scope, arguments, names)

    return invoke


def _invoke(function: object, scope: Scope, arguments: tuple[Code, ...], names: tuple[str, ...]) -> object:
    if not isinstance(function, FeelFunction):
        return None
    values = [code(scope) for code in arguments]
    if names:
        return function.invoke_named(scope.run, dict(zip(names, values, strict=True)))
    return function.invoke(scope.run, values)


def _host_call(name: str, elsewhere: Code, arguments: tuple[Code, ...], names: tuple[str, ...]) -> Code:
    """A function of the host, else a FEEL function of that name in the context, else null."""

    def invoke(scope: Scope) -> object:
        host = scope.run.functions.get(name)
        if host is None:
            return _invoke(elsewhere(scope), scope, arguments, names)
        values = [code(scope) for code in arguments]
        named = dict(zip(names, values, strict=True)) if names else {}
        scope.run.charge(10)
        return canonical(_call_host(host, [] if named else values, named), scope.run)

    return invoke


def _call_host(host: Callable[..., object], values: list[object], named: Mapping[str, object]) -> object:
    """Null when the arguments do not fit; an error inside the function stays the host's error."""
    try:
        return host(*values, **named)
    except TypeError:
        try:
            signature(host).bind(*values, **named)
        except TypeError:
            return None
        raise


RULES: Final[dict[type[Node], Rule]] = {
    nodes.Name: name_of,
    nodes.Path: path_of,
    nodes.Filter: filter_of,
    nodes.Call: call_of,
}
