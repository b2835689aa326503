"""The drawings, forms and decisions that ship with the product, and those that the dealer has replaced by his own."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.definitions.decision_files import read_model
from engine.definitions.limits import MAX_BYTES
from engine.definitions.models import DecisionDefinition, Deployment, FormDefinition, ProcessDefinition
from engine.definitions.parsing import read_processes
from engine.definitions.xml import read_xml
from engine.human_tasks.forms import read_form

ROOT = Path(__file__).parent.parent.parent
KINDS = frozenset({".bpmn", ".form", ".dmn"})
OWN = "own"  # note on a deployment of files that did not come with the product

Table = type[ProcessDefinition] | type[FormDefinition] | type[DecisionDefinition]


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


def note_for(files: list[Path]) -> str:
    """What a deployment of these files is noted as: an upgrade leaves alone what is the dealer's own."""
    shipped = {path.resolve() for path in shipped_files()}
    return "" if all(path.resolve() in shipped for path in files) else OWN


def own_versions(session: Session, contents: Mapping[str, bytes]) -> list[str]:
    """Paths of these shipped files of which the dealer has put his own version live, other than what is shipped now.

    His own is what a person published, and what was published from files that did not come with the product. Whoever
    has gone back to a text that was once shipped has nothing of his own.
    """
    tables: dict[str, Table] = {".bpmn": ProcessDefinition, ".form": FormDefinition, ".dmn": DecisionDefinition}
    own: list[str] = []
    for path, body in sorted(contents.items()):
        table = tables[Path(path).suffix]
        text = body.decode("utf-8-sig")
        if any(_is_own(session, table, key, text) for key in _keys(path, body)):
            own.append(path)
    return own


def _keys(path: str, body: bytes) -> Iterator[str]:
    """What the file publishes, by the keys under which it is kept."""
    if path.endswith(".form"):
        yield read_form(body).key
    elif path.endswith(".dmn"):
        yield read_model(body.decode("utf-8-sig")).id
    else:
        yield from (model.key for model in read_processes(read_xml(body)))


def _is_own(session: Session, table: Table, key: str, shipped: str) -> bool:
    text = table.body if issubclass(table, FormDefinition) else table.xml
    newest = session.execute(
        select(text, table.version, Deployment.id, Deployment.actor_id, Deployment.note)
        .join(Deployment, Deployment.id == table.deployment_id)
        .where(table.key == key)
        .order_by(table.version.desc())
        .limit(1)
    ).first()
    if newest is None or newest[0] == shipped or not _published_own(session, *newest[2:]):
        return False
    earlier = session.execute(
        select(Deployment.id, Deployment.actor_id, Deployment.note)
        .join(table, Deployment.id == table.deployment_id)
        .where(table.key == key, table.version < newest[1], text == newest[0])
    )
    return all(_published_own(session, *row) for row in earlier)


def _published_own(session: Session, deployment_id: int, actor_id: int | None, note: str) -> bool:
    """Until 2026-11-28 nothing was noted: there a file that lies elsewhere than the product's tells."""
    if actor_id is not None or note == OWN:
        return True
    outside = (
        select(func.count())
        .select_from(table)
        .where(table.deployment_id == deployment_id, table.source.startswith("/"))
        for table in (ProcessDefinition, DecisionDefinition)
    )
    return any(session.scalar(statement) for statement in outside)
