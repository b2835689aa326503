"""Prompts as a salesperson reads them: the gaps of the drawing's text filled with what is known."""

import re
from collections.abc import Mapping

GAP = re.compile(r"\{([a-z_]+)\}")
UNKNOWN = "…"


def fill_prompt(text: str, known: Mapping[str, str]) -> str:
    """Put known words into gaps such as {centre}, {user}, {customer}, {model}, {date}, {time}; others become "…"."""
    return GAP.sub(lambda gap: known.get(gap.group(1)) or UNKNOWN, text)
