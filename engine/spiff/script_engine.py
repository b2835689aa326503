"""Hands every expression of a drawing to the evaluator of the caller.

SpiffWorkflow evaluates and executes Python by default. All of its doors are replaced here: the engine's own methods
and those of its environment, which message correlation and ad-hoc sub-processes call directly.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn, Protocol
from zoneinfo import ZoneInfo

from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.script_engine.python_environment import BasePythonScriptEngineEnvironment

from engine.errors import EngineError

UTC = ZoneInfo("UTC")


class ExpressionEvaluator(Protocol):
    """Evaluates FEEL and calls operations for one step of one case; nothing else evaluates anything."""

    now: datetime

    @property
    def zone(self) -> ZoneInfo:
        """Where the case's clocks hang: local times and whole days of timers are counted there."""
        ...

    def evaluate(self, expression: str, local: Mapping[str, object], path: Sequence[str] = ()) -> object:
        """The value of a FEEL text (without the leading "=").

        `local` holds loop counters and items, `path` the enclosing sub-processes and calls.
        """
        ...

    def call_operation(self, element: str, local: Mapping[str, object], path: Sequence[str] = ()) -> None:
        """Carry out a service, send or business rule task; a BusinessError becomes the BPMN error of its code."""
        ...

    def send_message(self, element: str, local: Mapping[str, object], path: Sequence[str] = ()) -> None:
        """Send the message of an event on its way to whoever waits for it."""
        ...


class ScriptsForbidden(EngineError):
    """Something tried to run a script or a service past the evaluator."""


@dataclass
class OnlyLooking:
    """The evaluator of a case that is looked at and not moved: a step that it would take is refused."""

    now: datetime
    zone: ZoneInfo = UTC

    def evaluate(self, expression: str, local: Mapping[str, object], path: Sequence[str] = ()) -> NoReturn:
        raise ScriptsForbidden(f"{expression} was reached while a case was only looked at")

    def call_operation(self, element: str, local: Mapping[str, object], path: Sequence[str] = ()) -> NoReturn:
        raise ScriptsForbidden(f"{element} was reached while a case was only looked at")

    send_message = call_operation


class FeelEnvironment(BasePythonScriptEngineEnvironment):
    """The library's environment without Python in it."""

    def __init__(self, evaluator: ExpressionEvaluator) -> None:
        super().__init__()
        self.evaluator = evaluator

    def evaluate(self, expression: str, context: Mapping[str, object], external_context: object = None) -> object:
        return self.evaluator.evaluate(expression, context)

    def execute(self, script: str, context: object, external_context: object = None) -> NoReturn:
        raise ScriptsForbidden("a script was reached")

    def call_service(self, context: object, **kwargs: object) -> NoReturn:
        raise ScriptsForbidden("a service was called past the evaluator")


class FeelScriptEngine(PythonScriptEngine):
    """The library's script engine; exceptions of the evaluator propagate as they are."""

    def __init__(self, evaluator: ExpressionEvaluator) -> None:
        super().__init__(FeelEnvironment(evaluator))

    def validate(self, expression: str) -> None:
        """Texts are checked at publishing, by the FEEL compiler."""

    def evaluate(self, task: Any, expression: str, external_context: object = None) -> object:
        return self.environment.evaluator.evaluate(expression, dict(task.data), task.path)

    def execute(self, task: Any, script: str, external_context: object = None) -> NoReturn:
        raise ScriptsForbidden("a script was reached")

    def call_service(self, task: Any, **kwargs: object) -> NoReturn:
        raise ScriptsForbidden("a service was called past the evaluator")
