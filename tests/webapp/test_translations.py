"""Every text a person sees exists in both languages, and no template forgets to translate."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment

from webapp.core import translations
from webapp.core.i18n import WEBAPP

OWNERS = translations.owners()
TEMPLATES = sorted(path for path in WEBAPP.rglob("templates/**/*") if path.suffix in {".html", ".txt"})
SHOWN_ATTRIBUTES = {"title", "aria-label", "placeholder", "alt"}
SAME_EVERYWHERE = {"Marshrut"}
TRANSLATING = {"_", "_l", "gettext", "lazy_gettext", "ngettext", "pgettext", "lazy_pgettext", "npgettext"}
ATTRIBUTE = re.compile(
    r'[\w-]+="[^"]*"?|\b(?:(?:data|aria)-[\w-]+|hidden|disabled|checked|selected|required)\b'
)  # of a tag that a macro or block completes
GAP = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")


@pytest.mark.parametrize("owner", OWNERS, ids=lambda owner: owner.name)
def test_every_text_has_a_russian_translation(owner: Path) -> None:
    assert translations.missing(owner) == [], "run `marshrut translations update` and translate"


@pytest.mark.parametrize("owner", OWNERS, ids=lambda owner: owner.name)
def test_a_translation_has_the_gaps_of_its_text(owner: Path) -> None:
    wrong = []
    for message in translations.read_catalog(owner):
        originals = message.id if isinstance(message.id, list | tuple) else [message.id]
        words = message.string if isinstance(message.string, list | tuple) else [message.string]
        gaps = {gap for text in originals for gap in GAP.findall(text)}
        wrong += [text for text in words if message.id and set(GAP.findall(text)) != gaps]

    assert wrong == []


def test_no_two_slices_translate_the_same_text_differently() -> None:
    known: dict[tuple[str, str], tuple[str, str]] = {}
    contradictions = []
    for owner in OWNERS:
        for message in translations.read_catalog(owner):
            key = (str(message.id), str(message.context))
            found = known.setdefault(key, (owner.name, str(message.string)))
            if message.id and found[1] != str(message.string):
                contradictions.append(f"{key[0]!r}: {found[0]} {found[1]!r}, {owner.name} {message.string!r}")

    assert contradictions == [], "use pgettext where the meaning differs"


def test_no_text_hides_in_an_f_string() -> None:
    """Babel does not find it there under Python 3.11, so that it would stay English."""
    hidden = [
        f"{path.relative_to(WEBAPP)}:{string.lineno}"
        for path in sorted(WEBAPP.rglob("*.py"))
        for string in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(string, ast.JoinedStr) and any(_translates(part) for part in ast.walk(string))
    ]
    assert hidden == []


def _translates(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in TRANSLATING


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(WEBAPP).as_posix())
def test_a_template_translates_all_it_says(path: Path) -> None:
    assert untranslated(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>Hello</p>", ["Hello"]),
        ('<a title="More">{{ x }}</a>', ["More"]),
        ("<p>{{ _('Hello') }}, {{ name }} – 3 %</p>", []),
        ('<input placeholder="{{ _("Name") }}" value="some">', []),
        ("{# a remark #}<kbd>Esc</kbd>", []),
    ],
)
def test_untranslated_words_are_seen(source: str, found: list[str]) -> None:
    assert untranslated(source) == found


def untranslated(source: str) -> list[str]:
    """Words outside of expressions that a reader would see."""
    literal = "".join(_literal_text(source))
    reader = _Reader()
    reader.feed(literal)
    reader.close()
    return reader.words


def _literal_text(source: str) -> Iterator[str]:
    """What stands in the template itself: a digit for what is computed, a blank for statements.

    Blocks that hold classes or attributes of a tag are passed over.
    """
    tokens = list(Environment(autoescape=True).lex(source))
    passed_over = False
    for index, (_, kind, value) in enumerate(tokens):
        if kind == "data" and not passed_over:
            yield value
        elif kind == "variable_begin":
            yield "0"
        elif kind == "block_begin":
            words = [word for _, sort, word in tokens[index : index + 6] if sort == "name"]
            if words[0] == "block":
                passed_over = words[1].endswith(("_class", "_data"))
            elif words[0] == "endblock":
                passed_over = False
            yield " "


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._in_key = False

    def handle_data(self, data: str) -> None:
        if not self._in_key:  # keys are called the same in both languages
            self._look(data)

    def handle_endtag(self, tag: str) -> None:
        self._in_key = self._in_key and tag != "kbd"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_key = self._in_key or tag == "kbd"
        for name, value in attrs:
            if name in SHOWN_ATTRIBUTES and value:
                self._look(value)

    def _look(self, text: str) -> None:
        for part in text.split("·"):
            if re.search(r"[^\W\d_]", ATTRIBUTE.sub("", part)) and part.strip() not in SAME_EVERYWHERE:
                self.words.append(part.strip())
