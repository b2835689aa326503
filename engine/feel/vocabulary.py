"""What is known beforehand about the names and types an expression may use.

A row of words is a name by itself (cursor.py); only names with a sign or a keyword in them, such as
`trade-in` or `terms and conditions`, have to be known to be read as one name. A name that is not known
is still written in backticks.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from engine.feel.errors import FeelSyntaxError
from engine.feel.lexer import Kind, tokenize
from engine.feel.types import Type

Row = tuple[str, ...]
KEYWORDS: Final = frozenset(
    {"and", "or", "in", "between", "then", "else", "return", "satisfies"}
    | {"not", "if", "for", "some", "every", "function", "true", "false", "null", "instance"}
)


@lru_cache(maxsize=4096)
def row_of(name: str) -> Row:
    """The tokens of a name that a plain row of words would not give; empty when it needs no help."""
    try:
        tokens = tokenize(name)[:-1]
    except FeelSyntaxError:
        return ()
    values = tuple(token.value for token in tokens)
    if any(token.kind in (Kind.TEXT, Kind.MOMENT, Kind.NAME) for token in tokens):
        return ()
    needs_help = KEYWORDS.intersection(values) or any(
        token.kind is Kind.SIGN or (token.kind is Kind.NUMBER and not token.value.isdigit()) for token in tokens
    )
    return values if needs_help else ()


class Vocabulary:
    """Names in scope, names of members (read only after a dot), and types by name."""

    def __init__(
        self, names: Iterable[str] = (), members: Iterable[str] = (), types: Mapping[str, Type] | None = None
    ) -> None:
        self.names: dict[str, dict[Row, str]] = {}
        self.members: dict[str, dict[Row, str]] = {}
        self.types: Mapping[str, Type] = types or {}
        for name in names:
            self.learn(name)
        for member in members:
            _put(self.members, member)

    def copy(self) -> "Vocabulary":
        """One that may learn by itself. Members are shared: no text adds any."""
        other = Vocabulary(types=self.types)
        other.names = {word: dict(rows) for word, rows in self.names.items()}
        other.members = self.members
        return other

    def learn(self, name: str) -> None:
        """A name that the text itself brings in, such as a key of a context."""
        _put(self.names, name)

    def rows_from(self, word: str, *, members: bool) -> list[tuple[Row, str]]:
        """The known names that begin with this token, the longest first."""
        if word not in self.names and word not in self.members:
            return []
        found = self.names.get(word, {})
        if members:
            found = found | self.members.get(word, {})
        return sorted(found.items(), key=lambda item: -len(item[0]))


def _put(index: dict[str, dict[Row, str]], name: str) -> None:
    row = row_of(name)
    if row:
        index.setdefault(row[0], {})[row] = name
