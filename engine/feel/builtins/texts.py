"""Text functions; lengths and positions count characters (code points), from 1."""

import re
from decimal import Decimal

from engine.feel.budget import Run
from engine.feel.builtins.registry import Library
from engine.feel.patterns import Pattern, compile_pattern

library = Library()
declare = library.declare


@declare("substring", "string: string, start position: number, length: number?")
def substring(run: Run, text: str, start: Decimal, length: Decimal | None = None) -> str | None:
    if not 1 <= abs(start) <= len(text) or (length is not None and length < 1):
        return None
    first = int(start) - 1 if start > 0 else len(text) + int(start)
    return text[first:] if length is None or length > len(text) else text[first : first + int(length)]


@declare("string length", "string: string")
def string_length(run: Run, text: str) -> Decimal:
    return Decimal(len(text))


@declare("upper case", "string: string")
def upper_case(run: Run, text: str) -> str:
    return text.upper()


@declare("lower case", "string: string")
def lower_case(run: Run, text: str) -> str:
    return text.lower()


@declare("trim", "string: string")
def trim(run: Run, text: str) -> str:
    return text.strip()


@declare("is blank", "string: string")
def is_blank(run: Run, text: str) -> bool:
    return not text.strip()


@declare("substring before", "string: string, match: string")
def substring_before(run: Run, text: str, match: str) -> str:
    before, found, _ = text.partition(match) if match else ("", "", text)
    return before if found else ""


@declare("substring after", "string: string, match: string")
def substring_after(run: Run, text: str, match: str) -> str:
    return text.partition(match)[2] if match else text


@declare("contains", "string: string, match: string")
def contains(run: Run, text: str, match: str) -> bool:
    return match in text


@declare("starts with", "string: string, match: string")
def starts_with(run: Run, text: str, match: str) -> bool:
    return text.startswith(match)


@declare("ends with", "string: string, match: string")
def ends_with(run: Run, text: str, match: str) -> bool:
    return text.endswith(match)


@declare("string join", "list: list, delimiter: string?")
def string_join(run: Run, parts: list[object], delimiter: str | None = None) -> str | None:
    """Nulls are left out; null when another element is no text."""
    texts = [part for part in parts if part is not None]
    if not all(isinstance(part, str) for part in texts):
        return None
    glue = delimiter or ""
    run.charge_text(sum(len(str(part)) + len(glue) for part in texts))
    return glue.join(str(part) for part in texts)


@declare("matches", "input: string, pattern: string, flags: string?")
def matches(run: Run, text: str, pattern: str, flags: str | None = None) -> bool | None:
    """Whether the pattern is found anywhere; null for a pattern that cannot be used (see patterns.py)."""
    compiled = compile_pattern(pattern, flags or "", run)
    return None if compiled is None else compiled.search(text, 0, run) is not None


@declare("replace", "input: string, pattern: string, replacement: string, flags: string?")
def replace(run: Run, text: str, pattern: str, replacement: str, flags: str | None = None) -> str | None:
    """Every match; $1 … $9 stand for groups, $0 for the whole match, \\$ for a dollar."""
    compiled = compile_pattern(pattern, flags or "", run)
    if compiled is None:
        return None
    parts, end = [], 0
    for start, stop, groups in _matches(compiled, text, run):
        parts.append(text[end:start])
        parts.append(_filled(replacement, groups))
        run.charge_text(len(parts[-1]))
        end = stop
    parts.append(text[end:])
    run.charge_text(sum(len(part) for part in parts))
    return "".join(parts)


@declare("split", "string: string, delimiter: string")
def split(run: Run, text: str, delimiter: str) -> list[str] | None:
    compiled = compile_pattern(delimiter, "", run)
    if compiled is None:
        return None
    parts, end = [], 0
    for start, stop, _ in _matches(compiled, text, run):
        if stop > start:
            parts.append(text[end:start])
            end = stop
    parts.append(text[end:])
    run.charge_list(len(parts))
    return parts


@declare("extract", "string: string, pattern: string")
def extract(run: Run, text: str, pattern: str) -> list[str] | None:
    """All matches of the pattern."""
    compiled = compile_pattern(pattern, "", run)
    if compiled is None:
        return None
    found = [text[start:stop] for start, stop, _ in _matches(compiled, text, run)]
    run.charge_list(len(found))
    return found


def _matches(pattern: Pattern, text: str, run: Run) -> list[tuple[int, int, list[str]]]:
    """Non-overlapping matches from left to right: start, end, and the groups from 0."""
    found = []
    position = 0
    while position <= len(text):
        spans = pattern.search(text, position, run)
        if spans is None:
            break
        start, stop = spans[0] or (position, position)
        found.append((start, stop, [text[span[0] : span[1]] if span else "" for span in spans]))
        position = stop + (1 if stop == start else 0)
    return found


def _filled(replacement: str, groups: list[str]) -> str:
    def fill(match: re.Match[str]) -> str:
        text = match.group()
        if text[0] == "\\":
            return text[1]
        number = int(text[1:])
        return groups[number] if number < len(groups) else ""

    return re.sub(r"\\[\\$]|\$[0-9]", fill, replacement)
