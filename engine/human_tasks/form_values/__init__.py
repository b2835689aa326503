"""Reading what came from a form: types, limits, options, rows, files, hidden, required and computed fields."""

from engine.human_tasks.form_values.posted import address, gather, is_address
from engine.human_tasks.form_values.reading import first_cells, first_values, read_values
from engine.human_tasks.form_values.refusal import FormInvalid, FoundFile, Reading, TextReader
from engine.human_tasks.form_values.row_references import judge as judge_references
from engine.human_tasks.form_values.working_out import WorkedOut, work_out

__all__ = [
    "FormInvalid",
    "FoundFile",
    "Reading",
    "TextReader",
    "WorkedOut",
    "address",
    "first_cells",
    "first_values",
    "gather",
    "is_address",
    "judge_references",
    "read_values",
    "work_out",
]
