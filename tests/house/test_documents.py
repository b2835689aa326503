"""Documents: decisions are numbered and listed, links lead somewhere, coverage rows name what exists."""

import ast
import re
from pathlib import Path

import pytest

from tests.house.repository import ROOT, files, name_of, texts

ADR = ROOT / "docs" / "adr"
COVERAGE = ROOT / "docs" / "coverage.md"
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
ROW = re.compile(r"^\| *(?P<codes>[AKPBD]\d[^|]*)\|(?P<where>[^|]*)\|(?P<tests>[^|]*)\|$", re.M)
CODE = re.compile(r"[AKPBD]\d{1,3}")


def decisions() -> list[Path]:
    return sorted(path for path in ADR.glob("*.md") if path.name != "README.md")


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [path.name[:4] for path in decisions()] == [f"{number:04}" for number in range(1, len(decisions()) + 1)]


@pytest.mark.parametrize("path", decisions(), ids=lambda path: path.stem)
def test_a_decision_says_its_number_context_decision_and_consequences(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert text.startswith(f"# {int(path.name[:4])}. ")
    assert re.findall(r"^## (.*)$", text, re.M)[:3] == ["Context", "Decision", "Consequences"]


def test_every_decision_is_listed_with_its_title() -> None:
    listed = re.findall(r"^\* \[(\d+\. .*?)\]\((.*?)\)$", (ADR / "README.md").read_text(encoding="utf-8"), re.M)

    titles = [
        (path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# "), path.name) for path in decisions()
    ]
    assert listed == titles


def test_every_link_between_documents_leads_somewhere() -> None:
    broken = [
        f"{name}: {target}"
        for name, text in texts("*.md")
        for target in LINK.findall(text)
        if not target.startswith(("http://", "https://", "mailto:", "#"))
        if not (ROOT / name).parent.joinpath(target.partition("#")[0]).exists()
    ]

    assert not broken


def test_the_index_lists_every_document() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    linked = {target.partition("#")[0] for target in LINK.findall(index)}

    documents = {name_of(path).removeprefix("docs/") for path in files("docs/*.md")}
    folders = ("adr/", "guides/studio/")  # each has a first page that lists the others
    in_folders_of_their_own = {name for name in documents if name.startswith(folders)} | {"README.md"}
    assert documents - in_folders_of_their_own <= linked
    assert "adr/README.md" in linked


def test_every_row_of_the_coverage_names_code_and_a_test_that_exist() -> None:
    assert problems_of(COVERAGE.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("| A27 | `engine/nowhere.py` | `tests/house/test_files.py` |", "A27: engine/nowhere.py does not exist"),
        ("| A27 | `engine/clock.py` | |", "A27: names no test"),
        ("| A27 | | `tests/house/test_files.py` |", "A27: names no place"),
        ("| A27 | `engine/clock.py` | `tests/house/test_files.py::test_x` |", "A27: there is no test test_x"),
        ("| A27 | `engine/clock.py` | `engine/clock.py` |", "A27: engine/clock.py is no test"),
    ],
)
def test_a_row_that_names_nothing_is_seen(row: str, problem: str) -> None:
    assert [found[: len(problem)] for found in problems_of(row)] == [problem]


def test_a_code_has_one_row() -> None:
    codes = [code for row in ROW.finditer(COVERAGE.read_text(encoding="utf-8")) for code in CODE.findall(row["codes"])]

    assert sorted(codes) == sorted(set(codes))


def problems_of(text: str) -> list[str]:
    """What is wrong with the rows `| codes | places | tests |`; places and tests stand in backticks."""
    found: list[str] = []
    for row in ROW.finditer(text):
        code = row["codes"].strip()
        places, tests = (re.findall(r"`([^`]+)`", row[column]) for column in ("where", "tests"))
        found += [] if places else [f"{code}: names no place"]
        found += [] if tests else [f"{code}: names no test"]
        found += [f"{code}: {place} does not exist" for place in places if not (ROOT / place).exists()]
        found += [problem for test in tests if (problem := problem_of(code, test))]
    return found


def problem_of(code: str, test: str) -> str:
    place, _, name = test.partition("::")
    path = ROOT / place
    if not place.startswith("tests/") or not Path(place).name.startswith("test_"):
        return f"{code}: {place} is no test"
    if not path.exists():
        return f"{code}: {place} does not exist"
    names = {
        node.name for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef)
    }
    return f"{code}: there is no test {name} in {place}" if name and name not in names else ""
