"""What operations and their parameters are called on screen: their docstrings, in the reader's language."""

from flask_babel import gettext

from engine.operations import Operation


def operation_title(operation: Operation) -> str:
    """The first sentence of its docstring without the full stop."""
    return str(gettext(operation.summary)).partition(". ")[0].removesuffix(".").replace("`", "")


def parameter_title(name: str) -> str:
    """The name of a parameter in words."""
    return str(gettext(name.replace("_", " ").capitalize()))
