"""An evaluation as plain data, to be stored beside the step that used it."""

from engine.decisions.model import Evaluation
from engine.decisions.run import FiredTable, Step


def as_data(evaluation: Evaluation) -> dict[str, object]:
    """{"value", "steps": [{"kind", "id", "name", "given", "tables", "value"}]}; values stay FEEL values."""
    return {"value": evaluation.value, "steps": [_step(step) for step in evaluation.steps]}


def _step(step: Step) -> dict[str, object]:
    return {
        "kind": step.kind,
        "id": step.id,
        "name": step.name,
        "given": step.given,
        "tables": [_table(table) for table in step.tables],
        "value": step.value,
    }


def _table(table: FiredTable) -> dict[str, object]:
    return {
        "id": table.id,
        "policy": table.policy,
        "aggregation": table.aggregation,
        "inputs": [{"expression": expression, "value": value} for expression, value in table.inputs],
        "rules": [
            {"id": rule.id, "number": rule.number, "output": rule.output, "annotations": list(rule.annotations)}
            for rule in table.rules
        ],
        "result": table.result,
    }
