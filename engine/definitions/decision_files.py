"""Files of decisions in a publication: read together with those that are live, checked against what asks them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import orjson
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.decisions import Model, parse
from engine.definitions.model import ProcessModel
from engine.definitions.models import DecisionDefinition
from engine.definitions.problems import DefinitionRejected, Problem
from engine.operations import Operation

Asked = Mapping[str, frozenset[str]]  # id of a decision -> names of what it needs to be given


@dataclass(frozen=True)
class DecisionFile:
    """A file that is to be published."""

    key: str
    path: str
    text: str
    asked: Asked


@lru_cache(maxsize=256)
def read_model(text: str, others: tuple[str, ...] = ()) -> Model:
    """The compiled file; the same text with the same others is read once. Raises DefinitionRejected."""
    return parse(text, imports=others)


def live_texts(session: Session) -> dict[str, str]:
    """The newest version of every published file, by key."""
    newest = select(func.max(DecisionDefinition.id)).group_by(DecisionDefinition.key)
    rows = session.execute(
        select(DecisionDefinition.key, DecisionDefinition.xml).where(DecisionDefinition.id.in_(newest))
    )
    return {row.key: row.xml for row in rows}


def read_decision_files(session: Session, files: Mapping[str, bytes]) -> tuple[list[DecisionFile], dict[str, str]]:
    """The `.dmn` files among these, and by id of each live decision the key of its file.

    Raises DefinitionRejected with everything that is wrong with them.
    """
    problems: list[Problem] = []
    texts: dict[str, tuple[str, str]] = {}
    for path, body in sorted(files.items()):
        if path.endswith(".dmn"):
            try:
                text = body.decode("utf-8-sig")
                key = read_model(text).id
            except (DefinitionRejected, UnicodeDecodeError) as refusal:
                found = refusal.problems if isinstance(refusal, DefinitionRejected) else [Problem("xml_not_utf8")]
                problems += [replace(problem, source=path) for problem in found]
                continue
            if not key:
                problems.append(Problem("decision_without_id", source=path))
            texts[key] = (path, text)
    known = live_texts(session)
    known |= {key: text for key, (_, text) in texts.items()}
    read = []
    for key, (path, text) in texts.items():
        model = model_of(key, known)
        problems += [replace(problem, source=path) for problem in model.problems]
        read.append(DecisionFile(key, path, text, model.asked_by_id()))
    homes: dict[str, str] = {}
    for key in known:
        for decision in model_of(key, known).asked_by_id():
            if homes.setdefault(decision, key) != key:
                details = {"decision": decision, "file": homes[decision]}
                path = texts[key][0] if key in texts else ""
                problems.append(Problem("decision_elsewhere", element=decision, source=path, details=details))
    if problems:
        raise DefinitionRejected(problems)
    return read, homes


def model_of(key: str, texts: Mapping[str, str]) -> Model:
    """One of these files, compiled with the others as far as it imports any."""
    alone = read_model(texts[key])
    if not alone.imports:
        return alone
    return read_model(texts[key], tuple(text for other, text in sorted(texts.items()) if other != key))


def asked_of(session: Session, files: Iterable[DecisionFile]) -> dict[str, frozenset[str]]:
    """What every decision needs, once these files are live."""
    replaced = {file.key for file in files}
    newest = select(func.max(DecisionDefinition.id)).group_by(DecisionDefinition.key)
    rows = session.execute(
        select(DecisionDefinition.key, DecisionDefinition.asked).where(DecisionDefinition.id.in_(newest))
    )
    asked: dict[str, frozenset[str]] = {}
    for row in rows:
        if row.key not in replaced:
            asked |= read_asked(row.asked)
    for file in files:
        asked |= file.asked
    return asked


def write_asked(asked: Asked) -> str:
    return orjson.dumps({name: sorted(inputs) for name, inputs in asked.items()}).decode()


def read_asked(stored: str) -> dict[str, frozenset[str]]:
    return {name: frozenset(inputs) for name, inputs in orjson.loads(stored).items()}


def still_asked_otherwise(
    asked: Asked, live: Iterable[ProcessModel], operations: Mapping[str, Operation]
) -> Iterator[Problem]:
    """Live processes that ask a decision which is gone, or which needs something else now."""
    for model in live:
        for element in model.elements.values():
            exact = {element.decision: frozenset(element.inputs)} if element.decision else {}
            unfit = {name for name, given in exact.items() if asked.get(name) != given}
            called = {element.on_complete, element.call.operation if element.call else None}
            for operation in (operations[name] for name in operations.keys() & called):
                unfit |= {name for name, given in operation.asks.items() if name not in asked or asked[name] - given}
            for name in sorted(unfit):
                details = {"process": model.key, "decision": name}
                yield Problem("decision_still_used", element=name, details=details)
