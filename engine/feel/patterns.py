"""Regular expressions for matches, replace, split and extract: linear in the text, whatever the pattern.

A pattern that backtracks can take years over thirty characters. Ours never does: all ways to read the
text are followed at once, one character at a time (Thompson's and Pike's machine), and every step is
charged to the evaluation's budget. The price: no back-references and no look-around; such a pattern,
like one that is malformed, longer than 1000 characters or expands to more than 2000 instructions, cannot
be used, and the function gives null. Otherwise the syntax is that of XPath, as the standard demands:
classes with subtraction [a-z-[aeiou]], \\d \\w \\s \\i \\c and \\p{L} over all of Unicode (so \\w matches
Cyrillic), lazy quantifiers, the flags i, s, m, x and q; also \\b.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from engine.feel.budget import NO_FUNCTIONS, Run
from engine.feel.errors import FeelBudgetExceeded
from engine.feel.pattern_syntax import (
    Alternatives,
    Anchor,
    Character,
    Group,
    Piece,
    Repeat,
    Sequence,
    UnusablePattern,
    parse_pattern,
)

MAX_PATTERN: Final = 1000
MAX_PROGRAM: Final = 2000
NO_MOMENT: Final = datetime(1, 1, 1, tzinfo=UTC)  # patterns do not ask what time it is

Spans = list[tuple[int, int] | None]


@dataclass
class Instruction:
    """`test`: consume a character; `ways`: go on at each of these, in this order; `slot`: note the place;
    `anchor`: go on only at such a place. The instruction without any of them is the match.
    """

    test: Callable[[str], bool] | None = None
    cost: int = 1
    ways: list[int] = field(default_factory=list)
    slot: int | None = None
    anchor: str | None = None


@dataclass(frozen=True)
class Pattern:
    program: list[Instruction]
    groups: int

    def search(self, text: str, start: int, run: Run) -> Spans | None:
        """The leftmost match from `start` on: spans of the whole and of each group."""
        threads: list[tuple[int, tuple[int, ...]]] = []
        blank = (-1,) * (2 * self.groups + 2)
        found: tuple[int, ...] | None = None
        for position in range(start, len(text) + 1):
            if found is None:
                self._follow(threads, 0, blank, text, position, run)
            if not threads:
                if found is not None:
                    break
                continue
            following: list[tuple[int, tuple[int, ...]]] = []
            seen: set[int] = set()
            character = text[position] if position < len(text) else ""
            for address, slots in threads:
                instruction = self.program[address]
                run.charge(instruction.cost)
                test = instruction.test
                if test is None:
                    found = slots
                    break
                if character and test(character):
                    self._follow(following, address + 1, slots, text, position + 1, run, seen)
            threads = following
        return None if found is None else _spans(found)

    def _follow(
        self,
        threads: list[tuple[int, tuple[int, ...]]],
        address: int,
        slots: tuple[int, ...],
        text: str,
        position: int,
        run: Run,
        seen: set[int] | None = None,
    ) -> None:
        """Add what can be reached from here without consuming a character, best way first."""
        if seen is None:
            seen = {thread for thread, _ in threads}
        pending = [(address, slots)]
        while pending:
            here, noted = pending.pop()
            if here in seen:
                continue
            seen.add(here)
            run.charge(1)
            instruction = self.program[here]
            if instruction.slot is not None:
                noted = (*noted[: instruction.slot], position, *noted[instruction.slot + 1 :])
                pending.append((here + 1, noted))
            elif instruction.anchor is not None:
                if holds(instruction.anchor, text, position):
                    pending.append((here + 1, noted))
            elif instruction.ways:
                pending.extend((way, noted) for way in reversed(instruction.ways))
            else:
                threads.append((here, noted))


def _spans(slots: tuple[int, ...]) -> Spans:
    pairs = zip(slots[::2], slots[1::2], strict=True)
    return [(start, stop) if start >= 0 and stop >= 0 else None for start, stop in pairs]


def holds(anchor: str, text: str, position: int) -> bool:
    before = text[position - 1] if position else ""
    after = text[position] if position < len(text) else ""
    if anchor == "^":
        return not before
    if anchor == "$":
        return not after
    if anchor == "^m":
        return before in ("", "\n")
    if anchor == "$m":
        return after in ("", "\n")
    boundary = _is_word(before) != _is_word(after)
    return boundary if anchor == "b" else not boundary


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def compile_pattern(text: str, flags: str, run: Run) -> Pattern | None:
    """None for a pattern or flags that cannot be used. Charged as if it were compiled each time."""
    if len(text) > MAX_PATTERN or set(flags) - set("ismxq"):
        return None
    run.charge(8 * len(text))
    pattern = _compile(text, "".join(sorted(set(flags))))
    run.charge(3 * (MAX_PROGRAM if pattern is None else len(pattern.program)))
    return pattern


def is_usable_pattern(text: str) -> bool:
    """Can `fits` work with it?"""
    return len(text) <= MAX_PATTERN and _compile(text, "") is not None and _compile(_whole(text), "") is not None


def fits(pattern: str, text: str) -> bool:
    """Is the whole text of this pattern? One that takes more than the budget of an expression is not."""
    compiled = _compile(_whole(pattern), "")
    try:
        return compiled is not None and compiled.search(text, 0, Run(NO_MOMENT, NO_FUNCTIONS)) is not None
    except FeelBudgetExceeded:
        return False


def _whole(pattern: str) -> str:
    return f"^(?:{pattern})$"


@lru_cache(maxsize=512)
def _compile(text: str, flags: str) -> Pattern | None:
    try:
        tree, groups = parse_pattern(text, flags)
        program: list[Instruction] = []
        _emit(program, Group(tree, 0))
    except UnusablePattern:
        return None
    program.append(Instruction())
    return Pattern(program, groups)


def _emit(program: list[Instruction], piece: Piece) -> None:
    if len(program) > MAX_PROGRAM:
        raise UnusablePattern
    if isinstance(piece, Character):
        program.append(Instruction(test=piece.test, cost=piece.cost))
    elif isinstance(piece, Anchor):
        program.append(Instruction(anchor=piece.kind))
    elif isinstance(piece, Sequence):
        for part in piece.parts:
            _emit(program, part)
    elif isinstance(piece, Alternatives):
        _emit_alternatives(program, piece)
    elif isinstance(piece, Repeat):
        _emit_repeat(program, piece)
    else:
        program.append(Instruction(slot=2 * piece.number))
        _emit(program, piece.inner)
        program.append(Instruction(slot=2 * piece.number + 1))


def _emit_alternatives(program: list[Instruction], piece: Alternatives) -> None:
    fork = Instruction()
    program.append(fork)
    exits = []
    for part in piece.parts:
        fork.ways.append(len(program))
        _emit(program, part)
        leave = Instruction()
        program.append(leave)
        exits.append(leave)
    for leave in exits:
        leave.ways = [len(program)]


def _emit_repeat(program: list[Instruction], piece: Repeat) -> None:
    for _ in range(piece.least):
        start = len(program)
        _emit(program, piece.inner)
        if len(program) == start:
            return  # nothing, however often
    if piece.most is None:
        fork = Instruction()
        start = len(program)
        program.append(fork)
        _emit(program, piece.inner)
        program.append(Instruction(ways=[start]))
        fork.ways = _ordered(start + 1, len(program), lazy=piece.lazy)
        return
    forks = []
    for _ in range(piece.most - piece.least):
        fork = Instruction()
        forks.append((fork, len(program) + 1))
        program.append(fork)
        _emit(program, piece.inner)
    for fork, inside in forks:
        fork.ways = _ordered(inside, len(program), lazy=piece.lazy)


def _ordered(inside: int, outside: int, *, lazy: bool) -> list[int]:
    return [outside, inside] if lazy else [inside, outside]
