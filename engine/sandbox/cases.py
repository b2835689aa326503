"""Recorded runs that must go on as they did: what is expected of a script, and where a replay differs."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final

import orjson
from marshmallow import RAISE, Schema, ValidationError, fields, validate

from engine.sandbox.limits import MAX_ACTS, MAX_NAME, MAX_SCRIPT, USUAL, Limits
from engine.sandbox.material import Sandbox
from engine.sandbox.playing import play
from engine.sandbox.refusals import Refusal
from engine.sandbox.script import Script, ScriptRefused
from engine.sandbox.standing import Standing

VERSION: Final = 1
NO_CODE: Final = ""


@dataclass(frozen=True)
class Expectations:
    """How a script went: the elements that each act passed, and where it stood at the end."""

    passed: tuple[tuple[str, ...], ...]
    open: tuple[str, ...]
    awaited: tuple[str, ...]
    outcome: str | None
    milestones: tuple[str, ...]
    refused: str = NO_CODE  # code of the last act, which could not be done


class Aspect(StrEnum):
    """In what a replay differs."""

    REFUSED = "refused"  # an act cannot be done any more, or can be done now
    PASSED = "passed"  # the token went another way
    OPEN = "open"
    AWAITED = "awaited"
    OUTCOME = "outcome"
    MILESTONES = "milestones"


@dataclass(frozen=True)
class Difference:
    """The first difference: at this act (from 1), in this aspect, what was expected and what came."""

    act: int
    aspect: Aspect
    expected: tuple[str, ...]
    got: tuple[str, ...]
    refusal: Refusal | None = None


def expect(standing: Standing) -> Expectations:
    """What is to be expected of the script from now on."""
    return Expectations(
        passed=standing.passed,
        open=tuple(sorted("/".join((*step.place.path, step.place.element)) for step in standing.steps)),
        awaited=tuple(sorted("/".join((*each.place.path, each.place.element)) for each in standing.awaited)),
        outcome=standing.outcome,
        milestones=standing.milestones,
        refused=NO_CODE if standing.refusal is None else standing.refusal.code,
    )


def replay(
    sandbox: Sandbox,
    script: Script,
    expected: Expectations,
    *,
    stopwatch: Callable[[], float],
    limits: Limits = USUAL,
) -> tuple[Standing, Difference | None]:
    """Play the script again; None: everything went as expected."""
    standing = play(sandbox, script, stopwatch=stopwatch, limits=limits)
    return standing, compare(expected, standing)


def compare(expected: Expectations, standing: Standing) -> Difference | None:
    """The first difference between what was expected and how it went."""
    got = expect(standing)
    refusal, last = standing.refusal, max(len(got.passed), 1)
    early = refusal is not None and (refusal.act < len(expected.passed) or not expected.refused)
    for number, before in enumerate(expected.passed, 1):
        now = got.passed[number - 1] if number <= len(got.passed) else ()
        if early and refusal is not None and number == refusal.act:
            return Difference(number, Aspect.REFUSED, before, (refusal.code,), refusal)
        if now != before:
            return Difference(number, Aspect.PASSED, before, now)
    if got.refused != expected.refused:
        return Difference(last, Aspect.REFUSED, _one(expected.refused), _one(got.refused), refusal)
    for aspect, before, now in (
        (Aspect.OPEN, expected.open, got.open),
        (Aspect.AWAITED, expected.awaited, got.awaited),
        (Aspect.OUTCOME, _one(expected.outcome), _one(got.outcome)),
        (Aspect.MILESTONES, expected.milestones, got.milestones),
    ):
        if before != now:
            return Difference(last, aspect, before, now)
    return None


def write_expectations(expected: Expectations) -> str:
    return orjson.dumps({"version": VERSION, **asdict(expected)}).decode()


def read_expectations(text: str) -> Expectations:
    """Raises ScriptRefused."""
    if len(text) > MAX_SCRIPT:
        raise ScriptRefused("script_too_long", limit=MAX_SCRIPT)
    try:
        found: Any = orjson.loads(text)
        loaded: Any = _SCHEMA.load(found if isinstance(found, Mapping) else {})
    except (orjson.JSONDecodeError, ValidationError):
        raise ScriptRefused("script_unreadable") from None
    return Expectations(
        passed=tuple(tuple(each) for each in loaded["passed"]),
        open=tuple(loaded["open"]),
        awaited=tuple(loaded["awaited"]),
        outcome=loaded["outcome"],
        milestones=tuple(loaded["milestones"]),
        refused=loaded["refused"],
    )


def _one(text: str | None) -> tuple[str, ...]:
    return (text,) if text else ()


def _names() -> fields.List[str]:
    return fields.List(fields.String(validate=validate.Length(max=10 * MAX_NAME)), required=True)


class _Schema(Schema):
    class Meta:
        unknown = RAISE

    version = fields.Integer(strict=True, required=True, validate=validate.Equal(VERSION))
    passed = fields.List(_names(), required=True, validate=validate.Length(max=MAX_ACTS))
    open = _names()
    awaited = _names()
    outcome = fields.String(required=True, allow_none=True, validate=validate.Length(max=MAX_NAME))
    milestones = _names()
    refused = fields.String(required=True, validate=validate.Length(max=MAX_NAME))


_SCHEMA: Final = _Schema()
