"""A bundle: a process with the forms and tables that it asks, as a ZIP of the files that the desktop Modeler opens."""

import io
import lzma
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from pathlib import PurePosixPath

from sqlalchemy.orm import Session

from engine.definitions.limits import MAX_BYTES
from engine.definitions.problems import DefinitionRejected
from engine.errors import BusinessError
from engine.kernel import Kernel
from webapp.core.errors import Conflict, NotFound, RuleViolation
from webapp.studio import drafts
from webapp.studio.departments.rules import DEPARTMENTS, OWN, check_drawer
from webapp.studio.models import Draft, DraftKind

MAX_FILES = 200
MAX_ALL = 20 * 1024 * 1024  # bytes of all files of a bundle together
JUNK = "__MACOSX/"  # what one desktop puts beside every file
FOLDERS = {DraftKind.PROCESS: "processes", DraftKind.DECISION: "processes", DraftKind.FORM: "forms"}
KNOWN_FOLDERS = frozenset({*FOLDERS.values(), *DEPARTMENTS})


@dataclass(frozen=True)
class Brought:
    """What became of one file that was brought: its draft, or why there is none."""

    name: str
    draft: Draft | None = None
    refusal: BusinessError | None = None


@dataclass(frozen=True)
class _File:
    """`folders`: within the bundle that it came in."""

    name: str
    body: bytes
    folders: tuple[str, ...] = ()


def bundle_of(session: Session, kernel: Kernel, key: str) -> dict[str, str]:
    """The live file of a process with the forms and tables that it asks, by path. Raises NotFound."""
    live = drafts.live_text(session, DraftKind.PROCESS, key)
    if live is None:
        raise NotFound("process_unknown")
    found = {live.path: live.text}
    models = drafts.models_of_text(live.text)
    elements = [element for model in models for element in model.elements.values()]
    for form in sorted({element.form for element in elements if element.form}):
        text = drafts.live_text(session, DraftKind.FORM, form)
        if text is not None:
            found[text.path] = text.text
    for decision in sorted({element.decision for element in elements if element.decision}):
        file = kernel.store.decision(session, decision).file
        text = drafts.live_text(session, DraftKind.DECISION, file)
        if text is not None:
            found[text.path] = text.text
    return found


def zipped(files: Mapping[str, str]) -> bytes:
    """The same files give the same bytes: every entry carries the first moment a ZIP can carry."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(path), text.encode(), zipfile.ZIP_DEFLATED)
    return target.getvalue()


# what the library raises for damaged archives, by the kind of packing
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,  # encrypted; also packed in a way that the library does not know
)


def unzipped(body: bytes) -> dict[str, bytes]:
    """The drawings, tables and forms of a bundle. Raises RuleViolation: bundle_unreadable, bundle_too_large."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(body))
        files = [each for each in archive.infolist() if not each.is_dir() and not each.filename.startswith(JUNK)]
        entries = [each for each in files if DraftKind.of_path(each.filename)]
        if len(entries) > MAX_FILES or sum(each.file_size for each in entries) > MAX_ALL:
            raise RuleViolation("bundle_too_large", files=MAX_FILES)
        return {each.filename: _read(archive, each) for each in entries}
    except UNREADABLE as error:
        raise RuleViolation("bundle_unreadable") from error


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """No more than may be published: what the directory says of its size need not be true."""
    with archive.open(entry) as file:
        return file.read(MAX_BYTES + 1)


def bring(
    session: Session, files: Iterable[tuple[str, bytes]], *, replace: bool, actor_id: int | None, now: datetime
) -> list[Brought]:
    """A draft for each file; one that cannot be opened says why and stops no other.

    `replace`: a draft that is there gets the text of the file.
    """
    found = list(_all(files))
    return [
        each if isinstance(each, Brought) else _bring(session, each, replace=replace, actor_id=actor_id, now=now)
        for each in found
    ]


def _all(files: Iterable[tuple[str, bytes]]) -> Iterator[_File | Brought]:
    for name, body in files:
        if not name.lower().endswith(".zip"):
            yield _File(name, body)
            continue
        try:
            inside = unzipped(body)
        except RuleViolation as refusal:
            yield Brought(name, refusal=refusal)
            continue
        if not inside:
            yield Brought(name, refusal=RuleViolation("bundle_empty"))
        folders = folders_of(inside)
        yield from (_File(each, text, folders[each]) for each, text in inside.items())


def folders_of(names: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The folders that each file of a bundle lies in, without those around the whole bundle."""
    found = {name: PurePosixPath(name.replace("\\", "/")).parts[:-1] for name in names}
    around = [each[0] for each in takewhile(lambda level: len(set(level)) == 1, zip(*found.values(), strict=False))]
    outer = next((at for at, each in enumerate(around) if each in KNOWN_FOLDERS), len(around))
    return {name: folders[outer:] for name, folders in found.items()}


def _bring(session: Session, file: _File, *, replace: bool, actor_id: int | None, now: datetime) -> Brought:
    name, body = file.name, file.body
    kind = DraftKind.of_path(name)
    if kind is None:
        return Brought(name, refusal=RuleViolation("file_kind_unknown"))
    try:
        if len(body) > MAX_BYTES:
            raise RuleViolation("draft_too_large")
        text = body.decode("utf-8-sig")
        key = drafts.key_to_draw(kind, text)
        path = path_in(kind, key, file.folders)
        known = drafts.find_draft(session, kind, key)
        if known is not None and replace:
            if known.held_at(now):
                raise Conflict("draft_held", person=known.held_by)
            if actor_id is not None:
                check_drawer(session, [known.path], actor_id)
            known.body, known.rev = text, known.rev + 1
            known.changed_at, known.changed_by = now, actor_id
            if actor_id is not None:
                drafts.note_author(session, known, actor_id)
            return Brought(name, known)
        return Brought(name, drafts.new_draft(session, kind, path, text, actor_id=actor_id, now=now))
    except UnicodeDecodeError:
        return Brought(name, refusal=RuleViolation("file_not_utf8"))
    except (BusinessError, DefinitionRejected) as refusal:
        return Brought(name, refusal=refusal)


def path_in(kind: DraftKind, key: str, folders: tuple[str, ...]) -> str:
    """Where the file would stand among those that ship: the folder of a drawing or table is that of its department.

    Raises RuleViolation where the folder is none, or where a form calls itself otherwise.
    """
    rest = folders[1:] if folders[:1] in {(each,) for each in FOLDERS.values()} else folders
    if kind is DraftKind.FORM:
        if rest and rest != PurePosixPath(key).parts[:-1]:
            raise RuleViolation("bundle_folder_differs", folder="/".join(folders), key=key)
        return f"{FOLDERS[kind]}/{key}{kind.suffix}"
    if len(rest) > 1 or not DEPARTMENTS.keys() >= set(rest):
        known = ", ".join(f"{FOLDERS[kind]}/{each}" for each in DEPARTMENTS if each != OWN)
        raise RuleViolation("bundle_folder_unknown", folder="/".join(folders), known=known)
    return "/".join((FOLDERS[kind], *(each for each in rest if each != OWN), f"{key}{kind.suffix}"))
