"""A form as the engine and the pages know it: a layout of components, and its inputs by key."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from engine.definitions.model import Texts
from engine.feel import Expression

TEXT_TYPES = frozenset({"textfield", "textarea"})
CHOICE_TYPES = frozenset({"radio", "select"})
MANY_TYPES = frozenset({"checklist", "taglist"})
LIST, FILES, COMPUTED = "dynamiclist", "filepicker", "expression"
INPUT_TYPES = TEXT_TYPES | CHOICE_TYPES | MANY_TYPES | {"number", "checkbox", "datetime", LIST, FILES, COMPUTED}
SILENT_TYPES = frozenset({"text", "separator", "spacer"})
ROW = "row"  # kind of a number in a row: it names another row of the list, counted from 1
PHOTOS = "photo"  # of a computed field: pictures of an earlier step, which are only shown
COMPUTED_KINDS = frozenset({"money", "number", "text", PHOTOS})
MAX_ROWS = 100
MAX_FILES = 50


class FileKind(StrEnum):
    """What a file field asks for: any document, photos, or a signature drawn on the screen."""

    FILE = "file"
    PHOTO = "photo"
    SIGNATURE = "signature"


@dataclass(frozen=True)
class Option:
    """One choice: the stored value and its label."""

    value: str
    label: Texts


@dataclass(frozen=True)
class FormField:
    """One input. `validate` holds form-js's own limits: min, max, minLength, maxLength, pattern."""

    key: str
    type: str
    label: Texts
    hint: Texts
    required: bool
    options: tuple[Option, ...] = ()
    source: str | None = None  # options searched on the server: "sales.refusal_reasons"
    kind: str | None = None  # phone, email, vin …: read by the application; of files and computed fields their kind
    personal: bool = False  # handed to the operation only, never kept in the case
    instruction: bool = False  # what is told in it stands on the next step
    subtype: str | None = None  # of datetime: date, time, datetime
    coming: bool = False  # of a date: today or later
    suffix: Texts = field(default_factory=Texts)
    decimals: int | None = None
    hide: Expression | None = None
    first: Expression | None = None  # what stands in it when the step is opened, in a row when the row is added
    default: object = None
    validate: Mapping[str, Any] = field(default_factory=dict)
    least: int = 0  # rows, files or choices
    most: int | None = None
    row: "Layout | None" = None  # of a list: what every row asks
    computed: Expression | None = None  # worked out from the other fields, never typed
    accept: frozenset[str] = frozenset()  # of files: endings such as ".pdf"; empty: whatever the kind allows
    mandatory: tuple[str, ...] = ()  # of a checklist: lines that are ticked, or left out with a reason
    excuses: str | None = None  # the checklist that this text gives the reason for

    @property
    def many(self) -> bool:
        return self.type in MANY_TYPES

    @property
    def only_shows(self) -> bool:
        """Pictures that another step keeps: nothing of this one."""
        return self.computed is not None and self.kind == PHOTOS

    @property
    def excuse(self) -> str:
        """Key of the text that says why mandatory lines are left out."""
        return f"{self.key}_left_out"

    def left_out(self, ticked: object) -> tuple[Option, ...]:
        """The mandatory lines that are not among the ticked ones, in the order of the form."""
        done = ticked if isinstance(ticked, list | tuple) else [ticked]
        missing = {line for line in self.mandatory if line not in done}
        return tuple(option for option in self.options if option.value in missing)

    @property
    def is_files(self) -> bool:
        return self.type == FILES

    @property
    def ranked(self) -> bool:
        """The order of the choices counts."""
        return self.type == "taglist" and self.most is not None


@dataclass(frozen=True)
class Component:
    """A node of the layout: an input, a text, a separator, or a group of components."""

    type: str
    label: Texts
    text: Texts
    field: FormField | None = None
    hide: Expression | None = None
    components: "tuple[Component, ...]" = ()
    columns: int | None = None  # of 16, as form-js counts


@dataclass(frozen=True, eq=False)
class Layout:
    """Components and, flat by key, their inputs: of a form, or of one row of a list."""

    components: tuple[Component, ...]
    fields: Mapping[str, FormField]

    @property
    def lists(self) -> Iterator[tuple[str, "Layout"]]:
        """Keys of the lists with the layout of their rows."""
        return ((key, item.row) for key, item in self.fields.items() if item.row is not None)


@dataclass(frozen=True)
class LeftOut:
    """Mandatory lines of one checklist that were not ticked, and why."""

    key: str
    lines: tuple[Option, ...]
    reason: str


@dataclass(frozen=True, eq=False)
class Form(Layout):
    """A form with its layout and its inputs; `key` is its id, such as "sales/refused", `name` what people call it."""

    key: str
    name: Texts = field(default_factory=Texts)

    @property
    def personal_keys(self) -> frozenset[str]:
        return frozenset(key for key, item in self.fields.items() if item.personal)

    def instructions_in(self, values: Mapping[str, object]) -> list[str]:
        """What the answers tell whoever does the next step."""
        told = (values.get(key) for key, item in self.fields.items() if item.instruction and not item.personal)
        return [text.strip() for text in told if isinstance(text, str) and text.strip()]

    def left_out_in(self, values: Mapping[str, object]) -> Iterator[LeftOut]:
        """What the answers leave out of the mandatory lines. A checklist that was hidden was not asked."""
        for key, item in self.fields.items():
            reason = values.get(item.excuse)
            if item.mandatory and isinstance(reason, str) and (lines := item.left_out(values.get(key))):
                yield LeftOut(key, lines, reason)

    def without_personal(self, values: Mapping[str, object]) -> dict[str, object]:
        """What may be kept in the case and in its log."""
        personal = self.personal_keys
        return {key: value for key, value in values.items() if key not in personal}
