"""What reading depends on besides the form, and how it is refused."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo

from engine.errors import BusinessError

TextReader = Callable[[str], str]  # normalises a text of a kind, or raises ValueError


class FormInvalid(BusinessError):
    """The values do not fit the form.

    `errors`: address of the field -> code such as required, not_a_number,
    not_an_option. The address is the key, or `lines.1.price` in the second row
    of the list `lines`.
    """

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("form_invalid", f"Not accepted: {dict(errors)}", errors=errors)
        self.errors = dict(errors)


@dataclass(frozen=True)
class FoundFile:
    """A file that was handed in before: its SHA-256 in hex, the name it came with, what it is, bytes, its ending."""

    sha256: str
    name: str
    type: str
    size: int
    ending: str


@dataclass(frozen=True)
class Reading:
    """What reading values depends on besides the form: the moment, the person's zone, the application's kinds.

    `first_day`: the first day that has not passed, where it is another one than today: of what was typed earlier.
    """

    now: datetime
    zone: tzinfo = UTC
    kinds: Mapping[str, TextReader] | None = None
    knows: Callable[[str, str], bool] | None = None  # (source, value): is there such a record, within the rights
    first_day: date | None = None
    find_file: Callable[[str], FoundFile | None] | None = None  # by SHA-256, among those of this case

    @property
    def today(self) -> date:
        """The day where the person is."""
        return self.now.astimezone(self.zone).date()

    def has_passed(self, value: object) -> bool:
        """Whether a day, or the day of a moment, is over for the person who typed it."""
        day = value.astimezone(self.zone).date() if isinstance(value, datetime) else value
        return isinstance(day, date) and day < (self.first_day or self.today)
