"""Walking over the tokens: what stands here, names and types.

**Names with spaces.** Two words side by side mean nothing else in FEEL, so a name is the longest
row of words: `pay method = "credit"` compares the one name `pay method`, whatever the context holds.
A row ends at `and or not in between then else return satisfies` and `instance of`, except in the
built-in names `date and time(`, `years and months duration(` and `get or else(`. A name that holds
such a word or a sign (`trade-in`, `terms and conditions`) is written in backticks: `` `trade-in` ``,
unless it is known beforehand (vocabulary.py), as the names of a decision model are.
So the meaning of a text never depends on the data it meets; a forgotten operator shows as an
unknown name in `Expression.names`.
"""

from typing import Final

from engine.feel.budget import MAX_NESTING
from engine.feel.errors import FeelSyntaxError
from engine.feel.lexer import Kind, Token, tokenize
from engine.feel.types import TYPE_NAMES, Type
from engine.feel.vocabulary import Vocabulary

STOPS: Final = frozenset({"and", "or", "in", "between", "then", "else", "return", "satisfies"})
NAMES_WITH_STOPS: Final = (
    ("date", "and", "time"),
    ("years", "and", "months", "duration"),
    ("get", "or", "else"),
)


class Cursor:
    """A place in one text. Raises FeelSyntaxError."""

    def __init__(self, text: str, vocabulary: Vocabulary | None = None) -> None:
        self.text = text
        self.vocabulary = vocabulary or Vocabulary()
        self.tokens = tokenize(text)
        self.index = 0
        self.token = self.tokens[0]
        self.nesting = 0

    def advance(self) -> Token:
        token = self.token
        if token.kind is not Kind.END:
            self.index += 1
            self.token = self.tokens[self.index]
        return token

    def following(self, distance: int = 1) -> Token:
        return self.tokens[min(self.index + distance, len(self.tokens) - 1)]

    def is_sign(self, *signs: str) -> bool:
        return self.token.kind is Kind.SIGN and self.token.value in signs

    def is_word(self, *words: str) -> bool:
        return self.token.kind is Kind.WORD and self.token.value in words

    def expect(self, value: str) -> None:
        if self.token.kind not in (Kind.SIGN, Kind.WORD) or self.token.value != value:
            raise self.unexpected(value)
        self.advance()

    def found(self) -> str:
        return self.text[self.token.start : self.token.end][:40]

    def unexpected(self, expected: str) -> FeelSyntaxError:
        if self.token.kind is Kind.END:
            return FeelSyntaxError("feel_unexpected_end", self.token.start, expected=expected)
        return FeelSyntaxError("feel_unexpected", self.token.start, found=self.found(), expected=expected)

    def enter(self) -> None:
        """One bracket or keyword deeper; pair with leave()."""
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            raise FeelSyntaxError("feel_too_deep", self.token.start, limit=MAX_NESTING)

    def leave(self) -> None:
        self.nesting -= 1

    def name(self, *, anywhere: bool = False) -> str:
        """The longest row of words; `anywhere` (after a dot) even a keyword may begin it."""
        if self.token.kind is Kind.NAME:
            return self.advance().value
        known = self.known_name(members=anywhere)
        if known is not None:
            return known
        if self.token.kind is not Kind.WORD or (self.token.value in STOPS and not anywhere):
            raise self.unexpected("name")
        for row in NAMES_WITH_STOPS:
            if self._row_stands_here(row) and self.following(len(row)).value == "(":
                return " ".join(self.advance().value for _ in row)
        words = [self.advance().value]
        while self._continues_name():
            words.append(self.advance().value)
        return " ".join(words)

    def known_name(self, *, members: bool = False) -> str | None:
        """The longest name of the vocabulary that stands here, read; None when there is none."""
        for row, name in self.vocabulary.rows_from(self.token.value, members=members):
            if self._row_stands_here(row, kinds=(Kind.WORD, Kind.NUMBER, Kind.SIGN)):
                for _ in row:
                    self.advance()
                return name
        return None

    def _row_stands_here(self, row: tuple[str, ...], kinds: tuple[Kind, ...] = (Kind.WORD,)) -> bool:
        return all(
            (token := self.following(distance)).kind in kinds and token.value == word
            for distance, word in enumerate(row)
        )

    def _continues_name(self) -> bool:
        if self.token.kind is Kind.NUMBER:
            return self.token.value.isdigit()
        if self.token.kind is not Kind.WORD or self.token.value in STOPS or self.token.value == "not":
            return False
        return not (self.token.value == "instance" and self.following().value == "of")

    def type(self) -> Type:
        start = self.token
        for length in (4, 3, 1):
            row = [self.following(distance) for distance in range(length)]
            name = " ".join(token.value for token in row)
            if name in TYPE_NAMES and all(token.kind is Kind.WORD for token in row):
                for _ in row:
                    self.advance()
                return self.type_details(name)
        if start.kind is not Kind.WORD:
            raise self.unexpected("type")
        name = self.name(anywhere=True)
        while self.is_sign("."):
            self.advance()
            name = f"{name}.{self.name(anywhere=True)}"
        if name in self.vocabulary.types:
            return self.vocabulary.types[name]
        raise FeelSyntaxError("feel_unknown_type", start.start, name=name)

    def type_details(self, name: str) -> Type:
        if name not in ("list", "range", "context", "function") or not self.is_sign("<"):
            return Type(name)
        self.enter()
        self.advance()
        arguments: list[Type] = []
        entries: list[tuple[str, Type]] = []
        while not self.is_sign(">"):
            if arguments or entries:
                self.expect(",")
            if name == "context":
                key = self.name(anywhere=True)
                self.expect(":")
                entries.append((key, self.type()))
            else:
                arguments.append(self.type())
        self.advance()
        result = None
        if name == "function":
            self.expect("->")
            result = self.type()
        self.leave()
        return Type(name, tuple(arguments), tuple(entries), result)
