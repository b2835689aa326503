"""Collecting the texts of templates and code into the catalogs that translators fill."""

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from webapp.core.i18n import WEBAPP

METHODS = [
    ("**/ui/**", "ignore"),
    ("**/static/**", "ignore"),
    ("**.py", "webapp.core.operation_names:extract_python_and_operations"),
    ("**.html", "jinja2"),
    ("**.txt", "jinja2"),
]
KEYWORDS = {
    "_": None,
    "_l": None,
    "_lp": ((1, "c"), 2),
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
SHARED = ("core", "kit", "templates")
TRANSLATED = "ru"


def catalog_path(owner: Path) -> Path:
    return owner / "translations" / TRANSLATED / "LC_MESSAGES" / "messages.po"


def owners() -> list[Path]:
    """The folders that own a catalog: webapp itself for what is shared, and every slice."""
    skip = {*SHARED, "static", "ui", "translations", "integrations", "__pycache__"}
    return [WEBAPP, *sorted(each for each in WEBAPP.iterdir() if each.is_dir() and each.name not in skip)]


def extract(owner: Path) -> Catalog:
    """Every text in the sources of one owner."""
    catalog = Catalog(project="Marshrut", copyright_holder="Marshrut", charset="utf-8")
    for root in [owner / name for name in SHARED] if owner == WEBAPP else [owner]:
        if not root.is_dir():
            continue
        options = {pattern: {"silent": "false"} for pattern in ("**.html", "**.txt")}
        for file, line, message, comments, context in extract_from_dir(
            root, METHODS, options, keywords=KEYWORDS, comment_tags=("NOTE:",), strip_comment_tags=True
        ):
            place = (root / file).relative_to(WEBAPP).as_posix()
            catalog.add(message, None, [(place, line)], auto_comments=comments, context=context)
    return catalog


def read_catalog(owner: Path) -> Catalog:
    """The Russian catalog of one owner; an empty one when it has none."""
    path = catalog_path(owner)
    if not path.exists():
        return Catalog(locale=TRANSLATED, project="Marshrut", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=TRANSLATED, abort_invalid=True)


def missing(owner: Path) -> list[str]:
    """Texts in the sources that the Russian catalog does not translate, or only guesses."""
    known = read_catalog(owner)
    lacking = []
    for message in extract(owner):
        if not message.id:
            continue
        found = known.get(message.id, message.context)
        words = found.string if found else ""
        if not found or found.fuzzy or not (all(words) if isinstance(words, list | tuple) else words):
            lacking.append(str(message.id))
    return lacking


def update_catalogs() -> dict[Path, int]:
    """Bring every catalog to the texts of the sources; returns how many are untranslated by catalog."""
    counts = {}
    for owner in owners():
        catalog, path = read_catalog(owner), catalog_path(owner)
        catalog.update(extract(owner), no_fuzzy_matching=True)
        catalog.obsolete.clear()
        catalog.fuzzy, catalog.header_comment = False, f"# Russian texts of {owner.name}."
        if not len(catalog) and not path.exists():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        written = BytesIO()
        write_po(
            written, catalog, width=120, no_location=False, omit_header=False, sort_output=True, include_lineno=False
        )
        path.write_bytes(_without_dates(written.getvalue()))
        counts[path] = len(missing(owner))
    return counts


def _without_dates(written: bytes) -> bytes:
    """Headers that change with every run would make every commit touch every catalog."""
    changing = (
        b'"POT-Creation-Date',
        b'"PO-Revision-Date',
        b'"Generated-By',
        b'"Last-Translator',
        b'"Language-Team',
        b'"Report-Msgid',
    )
    return b"\n".join(line for line in written.split(b"\n") if not line.startswith(changing))
