"""The reference pages docs/operations.md, permissions.md and settings.md, written from the registries.

`marshrut docs` writes them; a test keeps them equal, so what the registries know is documented and the other way round.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from engine.operations import Operation
from webapp.core.config import documented
from webapp.core.feature import Feature
from webapp.core.i18n import say_in

DOCS = Path(__file__).parents[2] / "docs"
WRITTEN = "This page is written by `marshrut docs` from {source}; do not change it by hand.\n"


def pages(features: Sequence[Feature]) -> dict[str, str]:
    """File name -> text of every reference page, in English."""
    with say_in("en"):
        return {
            "operations.md": "".join(_operations(features)),
            "permissions.md": "".join(_permissions(features)),
            "settings.md": "".join(_settings()),
        }


def write(features: Sequence[Feature], folder: Path = DOCS) -> list[Path]:
    """Write the pages that have changed; returns those written."""
    written = []
    for name, text in pages(features).items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            written.append(path)
    return written


def _operations(features: Iterable[Feature]) -> Iterator[str]:
    yield "# Operations\n\nWhat a drawing may call: in a service task as its type, or from a task by `onComplete`.\n"
    yield WRITTEN.format(source="the functions in `webapp/<slice>/operations.py`")
    for feature in features:
        if feature.operations and feature.operations.operations:
            yield f"\n## {feature.name}\n"
            for _, operation in sorted(feature.operations.operations.items()):
                yield from _operation(operation)


def _operation(operation: Operation) -> Iterator[str]:
    yield f"\n### {operation.name}\n\n{operation.summary}\n"
    if operation.parameters:
        yield "\n" + _table(
            ("parameter", "type", "must be given"),
            (
                (f"`{each.name}`", each.type_name, "yes" if each.required else "")
                for each in operation.parameters.values()
            ),
        )
    for decision, given in sorted(operation.asks.items()):
        yield f"\nAsks the decision `{decision}` with {', '.join(f'`{name}`' for name in sorted(given))}.\n"


def _permissions(features: Iterable[Feature]) -> Iterator[str]:
    yield "# Permissions\n\nWhat a role may be given, each for a scope: own, team, centre or group.\n"
    yield WRITTEN.format(source="the features of the slices")
    for feature in features:
        if feature.permissions:
            yield f"\n## {feature.name}\n\n"
            yield _table(
                ("permission", "allows to"), ((f"`{each.name}`", str(each.title)) for each in feature.permissions)
            )


def _settings() -> Iterator[str]:
    yield "# Settings\n\nRead from the environment when a process starts. An unknown `MARSHRUT_…` is refused.\n"
    yield WRITTEN.format(source="`webapp/core/config.py`") + "\n"
    yield _table(
        ("variable", "default", "meaning"),
        ((f"`{variable}`", f"`{default}`" if default else "", doc) for variable, default, doc in documented()),
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
