"""The drawings, forms and decisions that ship with the product."""

from pathlib import Path

from engine.definitions.limits import MAX_BYTES

ROOT = Path(__file__).parent.parent.parent
KINDS = frozenset({".bpmn", ".form", ".dmn"})


def shipped_files() -> list[Path]:
    """The files of processes/ and forms/."""
    found = (path for folder in ("processes", "forms") for path in (ROOT / folder).rglob("*"))
    return sorted(path for path in found if path.suffix in KINDS)


def contents_of(files: list[Path]) -> dict[str, bytes]:
    """By the path that a finding will name: relative to the installation where possible."""
    return {str(path.relative_to(ROOT)) if ROOT in path.parents else str(path): _beginning(path) for path in files}


def _beginning(path: Path) -> bytes:
    """The whole file, or as much of one that is too large as lets publishing refuse it."""
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def shipped_contents() -> dict[str, bytes]:
    return contents_of(shipped_files())
