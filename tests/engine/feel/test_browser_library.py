"""The FEEL library that pages bring along answers the shared vectors as they say it does.

Where it differs from the standard the vector names its answer, and the notes of vectors.json the clause. Numbers agree
to fourteen digits, as it reckons in binary; it knows no date without a time, and a zone only as its offset.
"""

import json
import re
import subprocess
from decimal import Decimal
from math import isclose, modf
from pathlib import Path
from typing import Any

import pytest

WHOLE: dict[str, Any] = json.loads((Path(__file__).parent / "vectors.json").read_text("utf-8"))
LIBRARY = "feelin 6.1.1"
PAGES = Path(__file__).parents[3] / "webapp/ui"
VECTORS = [vector for vector in WHOLE["vectors"] if vector.get(LIBRARY) != {"endless": True}]
MOMENT = re.compile(r"(?:(\+?\d{4,}-\d\d-\d\d)T?)?(\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?(Z|[+-]\d\d:\d\d)?(@.*)?")
PART = re.compile(r"(-?[\d.]+)([YMWDHS])")
SECONDS = {"W": 604_800, "D": 86_400, "H": 3_600, "M": 60, "S": 1}


@pytest.fixture(scope="module")
def answers() -> list[Any]:
    if not (PAGES / "node_modules/@bpmn-io/feelin").exists():
        pytest.fail("The packages of the pages are not installed: run ./run --setup-only")
    asked = json.dumps(VECTORS)
    command = ["node", str(Path(__file__).parent / "browser_library.mjs"), str(PAGES)]
    told = subprocess.run(command, input=asked, capture_output=True, text=True, check=True, timeout=120)
    found: list[Any] = json.loads(told.stdout)
    return found


def expected(vector: dict[str, Any]) -> Any:
    if LIBRARY in vector:
        return vector[LIBRARY]
    return {"error": True} if "syntax error at" in vector else vector["expected"]


def alike(one: Any, other: Any) -> bool:
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(alike, one, other))
    if not isinstance(one, dict) or not isinstance(other, dict):
        return one is other or (isinstance(one, str) and one == other)
    (kind, value), (found_kind, found) = *one.items(), *other.items()
    if kind == "number" == found_kind:
        return value == found or isclose(Decimal(value), Decimal(found), rel_tol=1e-13)
    if kind == "context" == found_kind:
        return value.keys() == found.keys() and all(alike(value[name], found[name]) for name in value)
    if kind == "duration" == found_kind:
        return all(isclose(a, b, abs_tol=1e-6) for a, b in zip(_length(value), _length(found), strict=True))
    if kind in {"date", "time", "date and time"} and found_kind in {"date", "time", "date and time"}:
        return _moment(value, found)
    return kind == found_kind and (value is found or value == found or alike(value, found))


def _length(text: str) -> tuple[float, float]:
    """Months, seconds; the library has thirty days to a part of a month."""
    days, _, times = text.lstrip("-").lstrip("P").partition("T")
    sign = -1 if text.startswith("-") else 1
    months = seconds = 0.0
    for amount, unit in PART.findall(days):
        if unit in "YM":
            months += float(amount) * (12 if unit == "Y" else 1)
        else:
            seconds += float(amount) * SECONDS[unit]
    seconds += sum(float(amount) * SECONDS[unit] for amount, unit in PART.findall(times))
    part, whole = modf(months)
    return sign * whole, sign * (seconds + part * 30 * SECONDS["D"])


def _moment(one: str, other: str) -> bool:
    (day, at, offset, zone), (found_day, found_at, found_offset, _) = (_parts(one), _parts(other))
    same_day = day == found_day or (day is None and found_day == "1900-01-01")
    same_offset = offset == found_offset or zone is not None or offset is None
    return same_day and at == found_at and same_offset


def _parts(text: str) -> tuple[str | None, str, str | None, str | None]:
    found = MOMENT.fullmatch(text)
    assert found, text
    day, at, offset, zone = found.groups()
    return day, at or "00:00:00", "+00:00" if offset == "Z" else offset, zone


def test_the_browsers_library_answers_as_the_vectors_say(answers: list[Any]) -> None:
    differing = [
        (vector.get("expression", vector.get("tests")), expected(vector), answer)
        for vector, answer in zip(VECTORS, answers, strict=True)
        if not alike(expected(vector), answer)
    ]

    assert differing == []


def test_every_difference_has_its_clause() -> None:
    clauses = WHOLE["clauses of DMN 1.5 that settle the differences of a group"]

    assert {vector["group"] for vector in WHOLE["vectors"] if LIBRARY in vector} == clauses.keys()
