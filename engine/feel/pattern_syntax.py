"""Reading a regular expression of XPath into a tree; see patterns.py for what is left out."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

Test = Callable[[str], bool]

MAX_DEPTH: Final = 30
MAX_COUNT: Final = 1000
MAX_GROUPS: Final = 50
SINGLE_ESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t"}
LITERAL_ESCAPES: Final = frozenset("\\|.?*+(){}[]-^$/ \"'=:!<>,#&%@;~`_")
BLOCKS: Final = {
    "IsBasicLatin": (0x0, 0x7F),
    "IsLatin-1Supplement": (0x80, 0xFF),
    "IsGreek": (0x370, 0x3FF),
    "IsCyrillic": (0x400, 0x4FF),
}
CATEGORIES: Final = frozenset(
    {"L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "S", "Sm", "Sc", "Sk", "So"}
    | {"P", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Z", "Zs", "Zl", "Zp", "C", "Cc", "Cf", "Co", "Cn"}
)


class UnusablePattern(Exception):
    """Malformed, or beyond what the machine can do."""


@dataclass(frozen=True)
class Character:
    """`cost`: steps of one test."""

    test: Test
    cost: int = 1


@dataclass(frozen=True)
class Anchor:
    """^ or $ (with m: of a line), b or B."""

    kind: str


@dataclass(frozen=True)
class Sequence:
    parts: tuple["Piece", ...]


@dataclass(frozen=True)
class Alternatives:
    parts: tuple["Piece", ...]


@dataclass(frozen=True)
class Repeat:
    """`most` is None without an upper limit."""

    inner: "Piece"
    least: int
    most: int | None
    lazy: bool


@dataclass(frozen=True)
class Group:
    inner: "Piece"
    number: int


Piece = Character | Anchor | Sequence | Alternatives | Repeat | Group


def parse_pattern(text: str, flags: str) -> tuple[Piece, int]:
    """The tree and the number of groups. Raises UnusablePattern."""
    if "q" in flags:
        return Sequence(tuple(Character(_literal(part, flags)) for part in text)), 0
    reader = _Reader(_without_blanks(text) if "x" in flags else text, flags)
    tree = reader.alternatives()
    if reader.rest():
        raise UnusablePattern
    return tree, reader.groups


def _without_blanks(text: str) -> str:
    """The flag x: blanks outside classes do not count."""
    kept, depth, escaped = [], 0, False
    for character in text:
        if character in " \t\n\r" and not depth:
            continue
        if not escaped:
            depth += (character == "[") - (character == "]")
        escaped = character == "\\" and not escaped
        kept.append(character)
    return "".join(kept)


def _literal(character: str, flags: str) -> Test:
    if "i" in flags:
        folded = character.casefold()
        return lambda other: other.casefold() == folded
    return lambda other: other == character


class _Reader:
    def __init__(self, text: str, flags: str) -> None:
        self.text = text
        self.flags = flags
        self.position = 0
        self.groups = 0
        self.depth = 0

    def rest(self) -> bool:
        return self.position < len(self.text)

    def peek(self, length: int = 1) -> str:
        return self.text[self.position : self.position + length]

    def take(self, expected: str = "") -> str:
        character = self.peek()
        if not character or (expected and character != expected):
            raise UnusablePattern
        self.position += 1
        return character

    def alternatives(self) -> Piece:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise UnusablePattern
        parts = [self.sequence()]
        while self.peek() == "|":
            self.take()
            parts.append(self.sequence())
        self.depth -= 1
        return parts[0] if len(parts) == 1 else Alternatives(tuple(parts))

    def sequence(self) -> Piece:
        parts: list[Piece] = []
        while self.rest() and self.peek() not in "|)":
            parts.append(self.quantified(self.atom()))
        return Sequence(tuple(parts))

    def atom(self) -> Piece:
        character = self.take()
        if character == "(":
            return self.group()
        if character == "[":
            start = self.position
            return Character(self.character_class(), 1 + (self.position - start) // 8)
        if character == "\\":
            return self.escaped()
        if character == ".":
            return Character((lambda other: True) if "s" in self.flags else (lambda other: other not in "\n\r"))
        if character in "^$":
            return Anchor(character + "m" if "m" in self.flags else character)
        if character in "*+?{}]":
            raise UnusablePattern
        return Character(_literal(character, self.flags))

    def group(self) -> Piece:
        if self.peek() == "?":
            if self.peek(2) != "?:":
                raise UnusablePattern  # look-around, named groups
            self.position += 2
            inner = self.alternatives()
            self.take(")")
            return inner
        self.groups += 1
        if self.groups > MAX_GROUPS:
            raise UnusablePattern
        number = self.groups
        inner = self.alternatives()
        self.take(")")
        return Group(inner, number)

    def quantified(self, piece: Piece) -> Piece:
        sign = self.peek()
        if not sign or sign not in "*+?{":
            return piece
        self.take()
        least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(sign) or self.counts()
        lazy = self.peek() == "?"
        if lazy:
            self.take()
        if isinstance(piece, Anchor) or (self.peek() and self.peek() in "*+?{"):
            raise UnusablePattern
        return Repeat(piece, least, most, lazy)

    def counts(self) -> tuple[int, int | None]:
        end = self.text.find("}", self.position)
        low, comma, high = self.text[self.position : max(end, self.position)].partition(",")
        if end < 0 or not _is_count(low) or (high and not _is_count(high)):
            raise UnusablePattern
        self.position = end + 1
        least = int(low)
        most = int(high) if high else None if comma else least
        if most is not None and most < least:
            raise UnusablePattern
        return least, most

    def escaped(self) -> Piece:
        character = self.peek()
        if character and character in "bB":
            self.take()
            return Anchor(character)
        test, literal = self.escape()
        return Character(test if literal is None else _literal(literal, self.flags))

    def escape(self) -> tuple[Test, str | None]:
        """After the backslash: a class of characters, or (second) the one character it stands for."""
        character = self.take()
        if character in SINGLE_ESCAPES:
            return bool, SINGLE_ESCAPES[character]
        if character in LITERAL_ESCAPES:
            return bool, character
        if character in "pP":
            return self.category(negated=character == "P"), None
        test = CLASSES.get(character.lower())
        if test is None:
            raise UnusablePattern  # back-references among others
        return (test if character.islower() else lambda other: not test(other)), None

    def category(self, *, negated: bool) -> Test:
        self.take("{")
        end = self.text.find("}", self.position)
        name = self.text[self.position : max(end, self.position)]
        self.position = end + 1
        if name in BLOCKS:
            low, high = BLOCKS[name]
            return lambda other: (low <= ord(other) <= high) is not negated
        if name not in CATEGORIES:
            raise UnusablePattern
        return lambda other: unicodedata.category(other).startswith(name) is not negated

    def character_class(self) -> Test:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise UnusablePattern
        negated = self.peek() == "^"
        if negated:
            self.take()
        tests: list[Test] = []
        ranges: list[tuple[str, str]] = []
        without: Test | None = None
        while self.peek() != "]":
            if self.peek(2) == "-[" and (tests or ranges):
                self.position += 2
                without = self.character_class()
                break
            self.class_part(tests, ranges)
        if not tests and not ranges:
            raise UnusablePattern
        self.take("]")
        self.depth -= 1
        return _class_test(tests, ranges, negated, without, ignore_case="i" in self.flags)

    def class_part(self, tests: list[Test], ranges: list[tuple[str, str]]) -> None:
        test, low = self.class_character()
        if low is None:
            tests.append(test)
            return
        if self.peek() != "-" or self.peek(2) in ("-]", "-["):
            ranges.append((low, low))
            return
        self.take()
        _, high = self.class_character()
        if high is None or high < low:
            raise UnusablePattern
        ranges.append((low, high))

    def class_character(self) -> tuple[Test, str | None]:
        character = self.take()
        if character == "\\":
            return self.escape()
        if character == "[":
            raise UnusablePattern
        return bool, character


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 4 and int(text) <= MAX_COUNT


def _class_test(
    tests: list[Test], ranges: list[tuple[str, str]], negated: bool, without: Test | None, *, ignore_case: bool
) -> Test:
    def plain(character: str) -> bool:
        return any(low <= character <= high for low, high in ranges) or any(test(character) for test in tests)

    def inside(character: str) -> bool:
        if not ignore_case:
            return plain(character)
        return any(plain(form) for form in {character, *character.lower()[:1], *character.upper()[:1]})

    return lambda character: (inside(character) is not negated) and not (without and without(character))


def _is_word_character(character: str) -> bool:
    return unicodedata.category(character)[0] not in "PZC" or character == "_"


def _is_name_start(character: str) -> bool:
    return character.isalpha() or character in "_:"


CLASSES: Final[dict[str, Test]] = {
    "d": lambda character: unicodedata.category(character) == "Nd",
    "w": _is_word_character,
    "s": lambda character: character in " \t\n\r",
    "i": _is_name_start,
    "c": lambda character: _is_name_start(character) or character.isdigit() or character in "-.",
}
