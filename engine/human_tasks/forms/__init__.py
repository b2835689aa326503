"""Forms: what a step asks, read from form-js JSON.

The browser draws them and hides fields by the same conditions; the server is
the authority and checks everything again (`form_values`).
"""

from engine.human_tasks.forms.model import (
    CHOICE_TYPES,
    MANY_TYPES,
    ROW,
    TEXT_TYPES,
    Component,
    FileKind,
    Form,
    FormField,
    Layout,
    LeftOut,
    Option,
)
from engine.human_tasks.forms.parsing import read_form

__all__ = [
    "CHOICE_TYPES",
    "MANY_TYPES",
    "ROW",
    "TEXT_TYPES",
    "Component",
    "FileKind",
    "Form",
    "FormField",
    "Layout",
    "LeftOut",
    "Option",
    "read_form",
]
