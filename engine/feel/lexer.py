"""Text to tokens: numbers, texts, words, @-literals and signs, each with its position."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from engine.feel.budget import MAX_SOURCE
from engine.feel.errors import FeelSyntaxError

# Rules 27–31 of the standard's grammar, without the signs that arithmetic needs (. / - ' + *):
# a name that holds one is written in backticks, or known beforehand (vocabulary.py).
NAME_START: Final = (
    "A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u167f\u1681-\u180d\u180f-\u1fff"
    "\u200c\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufefe\uff00-\ufffd\U00010000-\U000effff"
)
NAME_PART: Final = NAME_START + "0-9\u00b7\u0300-\u036f\u203f\u2040"
WHITESPACE: Final = "\t\n\x0b\x0c\r \u0085\u00a0\u1680\u180e\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"

TOKEN: Final = re.compile(
    rf"""
    (?P<space>[{WHITESPACE}]+|//[^\n\r]*|/\*(?:[^*]|\*(?!/))*\*/)
  | (?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
  | (?P<word>[{NAME_START}][{NAME_PART}]*)
  | (?P<name>`[^`]*`)
  | (?P<moment>@"(?:[^"\\]|\\.)*")
  | (?P<text>"(?:[^"\\]|\\.)*")
  | (?P<sign>\*\*|\.\.|<=|>=|!=|->|[-+*/=<>()\[\]{{}},:.?'])
    """,
    re.VERBOSE | re.DOTALL,
)
ESCAPE: Final = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{6}|.)", re.DOTALL)
PLAIN_ESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}


class Kind(StrEnum):
    NUMBER = "number"
    TEXT = "text"
    MOMENT = "moment"
    WORD = "word"
    NAME = "name"
    SIGN = "sign"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """`value` is the text without quotes and escapes; `start` and `end` are character positions."""

    kind: Kind
    value: str
    start: int
    end: int


def tokenize(text: str) -> list[Token]:
    """All tokens, closed by one of kind END. Raises FeelSyntaxError."""
    if len(text) > MAX_SOURCE:
        raise FeelSyntaxError("feel_too_long", length=len(text), limit=MAX_SOURCE)
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        match = TOKEN.match(text, position)
        if match is None:
            raise _unreadable(text, position)
        if match.group() == "/" and text.startswith("/*", position):
            raise _unreadable(text, position)
        group, start, position = str(match.lastgroup), position, match.end()
        if group == "space":
            continue
        if group == "number":
            _check_number_ends(text, match)
        tokens.append(Token(Kind(group), _value(group, match.group(), start), start, position))
    tokens.append(Token(Kind.END, "", len(text), len(text)))
    return tokens


def _value(group: str, text: str, start: int) -> str:
    if group == "text":
        return unescape(text[1:-1], start + 1)
    if group == "moment":
        return unescape(text[2:-1], start + 2)
    if group == "name":
        return text[1:-1]
    return text


def unescape(text: str, position: int = 0) -> str:
    """Resolve the escapes of the standard; an unknown one stays as written, so "\\d" is a pattern."""
    if "\\" not in text:
        return text

    def resolve(match: re.Match[str]) -> str:
        escape = match.group(1)
        if len(escape) == 1:
            return PLAIN_ESCAPES.get(escape, match.group())
        code = int(escape[1:], 16)
        if code > 0x10FFFF:
            raise FeelSyntaxError("feel_half_character", position + match.start(), escape=match.group())
        return chr(code)

    resolved = ESCAPE.sub(resolve, text)
    try:
        # Two \u escapes may form one character, as in JSON and Java.
        return resolved.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        raise FeelSyntaxError("feel_half_character", position, escape=text[:40]) from None


def _check_number_ends(text: str, match: re.Match[str]) -> None:
    following = text[match.end() : match.end() + 1]
    if following and re.match(f"[{NAME_START}]", following):
        raise FeelSyntaxError("feel_number_touches_name", match.start(), number=match.group())


def _unreadable(text: str, position: int) -> FeelSyntaxError:
    rest = text[position:]
    if rest.startswith(('"', '@"')):
        return FeelSyntaxError("feel_open_text", position)
    if rest.startswith("/*"):
        return FeelSyntaxError("feel_open_comment", position)
    if rest.startswith("`"):
        return FeelSyntaxError("feel_open_name", position)
    return FeelSyntaxError("feel_unknown_character", position, character=rest[:1])
