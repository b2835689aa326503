"""Context functions: read, list, make and change contexts; the given ones stay as they are."""

from engine.feel.budget import Run
from engine.feel.builtins.registry import Library

library = Library()
declare = library.declare


@declare("get value", "m: context, key: string")
def get_value(run: Run, context: dict[str, object], key: str) -> object:
    return context.get(key)


@declare("get value", "context: context, keys: list")
def get_value_at(run: Run, context: dict[str, object], keys: list[object]) -> object:
    value: object = context
    for key in keys:
        if not isinstance(value, dict) or not isinstance(key, str):
            return None
        value = value.get(key)
    return value if keys else None


@declare("get entries", "m: context", "context: context")
def get_entries(run: Run, context: dict[str, object]) -> list[object]:
    run.charge_list(2 * len(context))
    return [{"key": key, "value": value} for key, value in context.items()]


@declare("context", "entries: list")
def context_of(run: Run, entries: list[object]) -> dict[str, object] | None:
    """From a list of {key, value}; null when a key is missing, no text or repeated."""
    made: dict[str, object] = {}
    for entry in entries:
        if not isinstance(entry, dict) or not {"key", "value"} <= entry.keys():
            return None
        key = entry["key"]
        if not isinstance(key, str) or key in made:
            return None
        made[key] = entry["value"]
    return made


@declare("context put", "context: context, key: string, value: any")
def context_put(run: Run, context: dict[str, object], key: str, value: object) -> dict[str, object]:
    run.charge_list(len(context) + 1)
    return {**context, key: value}


@declare("context put", "context: context, keys: list, value: any")
def context_put_at(run: Run, context: dict[str, object], keys: list[object], value: object) -> object:
    """At a path of keys; contexts on the way are made when they are missing."""
    if not keys or not all(isinstance(key, str) for key in keys):
        return None
    key, rest = str(keys[0]), keys[1:]
    if rest:
        run.charge(len(rest))
        inner = context.get(key, {})
        if not isinstance(inner, dict):
            return None
        value = context_put_at(run, inner, rest, value)
        if value is None:
            return None
    return context_put(run, context, key, value)


@declare("context merge", "contexts: list")
def context_merge(run: Run, contexts: list[object]) -> dict[str, object] | None:
    """Of equal keys the last one stays."""
    merged: dict[str, object] = {}
    for context in contexts:
        if not isinstance(context, dict):
            return None
        run.charge_list(len(context))
        merged.update(context)
    return merged
