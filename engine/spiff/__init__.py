"""The only importer of SpiffWorkflow: compiles drawings and moves cases through them.

`compile_process` and `structural_problems` work on parsed documents; `CaseWorkflow` is one live case. Elements are
identified by their BPMN id, live tasks by their guid (32 hex digits).
"""

from engine.spiff.drawing import ElementFacts
from engine.spiff.errors import (
    ModelRejected,
    NoMatchingFlow,
    Problem,
    StepBudgetExceeded,
    UncaughtBpmnError,
    UnreadableState,
    UnreadableTimer,
    UnusableLoop,
)
from engine.spiff.moving import MovePlan, MoveRefused, targets
from engine.spiff.parser import CompiledProcess, compile_process
from engine.spiff.script_engine import ExpressionEvaluator
from engine.spiff.structure import structural_problems
from engine.spiff.surgery import Token
from engine.spiff.tree import Passed
from engine.spiff.workflow import CaseWorkflow, MessageWait, OpenTask, TimerWait

__all__ = [
    "CaseWorkflow",
    "CompiledProcess",
    "ElementFacts",
    "ExpressionEvaluator",
    "MessageWait",
    "ModelRejected",
    "MovePlan",
    "MoveRefused",
    "NoMatchingFlow",
    "OpenTask",
    "Passed",
    "Problem",
    "StepBudgetExceeded",
    "TimerWait",
    "Token",
    "UncaughtBpmnError",
    "UnreadableState",
    "UnreadableTimer",
    "UnusableLoop",
    "compile_process",
    "structural_problems",
    "targets",
]
