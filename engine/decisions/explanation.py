"""An evaluation as plain data, to be stored beside the step that used it."""

from engine.clock import SystemClock
from engine.decisions.model import Evaluation
from engine.decisions.run import FiredTable, Step
from engine.feel.budget import Run
from engine.feel.printing import to_text
from engine.feel.values import FeelFunction, Range, WideDate, WideDateTime


def as_data(evaluation: Evaluation) -> dict[str, object]:
    """{"value", "steps": [{"kind", "id", "name", "given", "tables", "value"}]}; values stay as they are.

    What only FEEL knows (functions, ranges, dates beyond the year 9999) stands there as its text.
    """
    return {"value": _plain(evaluation.value), "steps": [_step(step) for step in evaluation.steps]}


def _step(step: Step) -> dict[str, object]:
    return {
        "kind": step.kind,
        "id": step.id,
        "name": step.name,
        "given": _plain(step.given),
        "tables": [_table(table) for table in step.tables],
        "value": _plain(step.value),
    }


def _table(table: FiredTable) -> dict[str, object]:
    return {
        "id": table.id,
        "policy": table.policy,
        "aggregation": table.aggregation,
        "inputs": [{"expression": expression, "value": _plain(value)} for expression, value in table.inputs],
        "rules": [
            {"id": rule.id, "number": rule.number, "output": _plain(rule.output), "annotations": dict(rule.annotations)}
            for rule in table.rules
        ],
        "result": _plain(table.result),
        "reason": table.reason,
    }


def _plain(value: object) -> object:
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, FeelFunction | Range | WideDate | WideDateTime):
        return to_text(value, Run(SystemClock().now()))
    return value
