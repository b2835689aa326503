"""What slices tell the control board: problems that only they can see, and what may run out in their cases."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, current_app
from sqlalchemy import Select

Text = Any  # a lazy translation


@dataclass(frozen=True)
class BoardProblem:
    """A column of the board: cases with a problem.

    `cases(moment)` selects `id` and `owner_id` of open cases from ProcessInstance; the board adds whose rows may be
    seen. `permission`: who may see the column. It is marked from `warn` cases on, and again from `bad` on.
    """

    name: str
    title: Text
    permission: str
    cases: Callable[[datetime], Select[*tuple[Any, ...]]]
    warn: int = 1
    bad: int = 3


@dataclass(frozen=True)
class Expiring:
    """What drawings name in `expires`: its column on the board, and how long before its end it belongs there."""

    name: str
    title: Text
    permission: str
    ahead: timedelta
    warn: int = 1
    bad: int = 5


def register(app: Flask, problems: Sequence[BoardProblem], expiring: Sequence[Expiring]) -> None:
    _known(app, "board_problems").extend(problems)
    _known(app, "board_expiring").extend(expiring)


def problems() -> Sequence[BoardProblem]:
    """Every problem that a slice declares, in the order of the slices."""
    return _known(current_app, "board_problems")


def expiring() -> Sequence[Expiring]:
    """Everything that may run out."""
    return _known(current_app, "board_expiring")


def _known(app: Flask, name: str) -> list[Any]:
    found: list[Any] = app.extensions.setdefault(name, [])
    return found
