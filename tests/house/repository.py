"""What the rules look at: the files of the repository, without what is ignored or built."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BINARY = {".png", ".ico", ".ttf", ".woff2", ".pdf", ".xlsx", ".gz", ".jpg", ".webp"}


@cache
def files(*patterns: str) -> tuple[Path, ...]:
    """Files that are, or would be, in the next commit; `patterns` are git's, such as "engine/*.py" (at any depth)."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    paths = sorted({ROOT / name for name in listed.split("\0") if name})
    return tuple(path for path in paths if path.is_file())


def texts(*patterns: str) -> Iterator[tuple[str, str]]:
    """(path inside the repository, content) of the text files among `files(*patterns)`."""
    for path in files(*patterns):
        if path.suffix not in BINARY:
            yield name_of(path), path.read_text(encoding="utf-8")


def trees(*patterns: str) -> Iterator[tuple[str, ast.Module]]:
    """(path inside the repository, syntax tree) of Python files."""
    for path in files(*patterns):
        if path.suffix == ".py":
            yield name_of(path), ast.parse(path.read_text(encoding="utf-8"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
