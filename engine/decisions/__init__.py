"""DMN: decision tables, boxed expressions and graphs of requirements, over FEEL.

`parse(xml, imports=[...])` compiles once, `.evaluate(name, inputs)` decides, `.explain(name, inputs)` says why.
"""

from engine.decisions.errors import DecisionError
from engine.decisions.explanation import as_data
from engine.decisions.model import Evaluation, Model, parse
from engine.decisions.run import FiredRule, FiredTable, Step

__all__ = ["DecisionError", "Evaluation", "FiredRule", "FiredTable", "Model", "Step", "as_data", "parse"]
