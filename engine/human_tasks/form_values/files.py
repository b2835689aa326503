"""Files of a form: named by the SHA-256 of what was handed in before, never sent with the form itself.

The value is a list of `{"file": sha256, "name": …, "type": …, "size": bytes}`;
a signature that was given on paper is `[{"paper": True}]`, posted as the word
`paper`.
"""

import re
from collections.abc import Mapping

from marshmallow import ValidationError

from engine.human_tasks.form_values.refusal import FoundFile, Reading
from engine.human_tasks.forms.model import FileKind, FormField

SHA256 = re.compile(r"[0-9a-f]{64}")
PAPER = "paper"
SAME_ENDING = {".jpeg": ".jpg", ".tif": ".tiff"}


def read_files(item: FormField, raw: object, reading: Reading) -> list[dict[str, object]]:
    """The files as they are kept, each once. Raises ValidationError with a code."""
    given = raw if isinstance(raw, list) else [raw]
    names = list(dict.fromkeys(_name_of(each) for each in given if each not in (None, "", {})))
    if item.kind == FileKind.SIGNATURE and names == [PAPER]:
        return [{PAPER: True}]
    if item.most is not None and len(names) > item.most:
        raise ValidationError("too_many")
    files = [_file(item, name, reading) for name in names]
    if files and len(files) < item.least:
        raise ValidationError("too_few")
    return files


def _name_of(given: object) -> str:
    if isinstance(given, Mapping):
        return PAPER if given.get(PAPER) is True else str(given.get("file"))
    return given.strip() if isinstance(given, str) else ""


def _file(item: FormField, name: str, reading: Reading) -> dict[str, object]:
    found = reading.find_file(name) if SHA256.fullmatch(name) and reading.find_file else None
    if found is None:
        raise ValidationError("file_unknown")
    if not _is_fit(item, found):
        raise ValidationError("wrong_file")
    return {"file": found.sha256, "name": found.name, "type": found.type, "size": found.size}


def _is_fit(item: FormField, found: FoundFile) -> bool:
    if item.kind == FileKind.SIGNATURE:
        return found.type == "image/png"
    if item.kind == FileKind.PHOTO and not found.type.startswith("image/"):
        return False
    accepted = {SAME_ENDING.get(ending, ending) for ending in item.accept}
    return not accepted or SAME_ENDING.get(found.ending, found.ending) in accepted
