"""How much a test run may take: whoever plays shares the machine with those who work."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

MAX_ACTS: Final = 200
MAX_SCRIPT: Final = 200_000  # characters of a script as JSON
MAX_VALUES: Final = 400  # of one act, those inside lists and contexts included
MAX_TEXT: Final = 10_000  # characters of one value
MAX_NAME: Final = 160
MAX_DEPTH: Final = 5
LONGEST_WAIT: Final = timedelta(days=800)
FIRST_YEAR, LAST_YEAR = 1970, 2199


@dataclass(frozen=True)
class Limits:
    """Of one run. `moments`: due rows that one act may let happen; `elements`: that all acts together may pass."""

    moments: int = 500
    elements: int = 20_000
    seconds: float = 10


USUAL: Final = Limits()
