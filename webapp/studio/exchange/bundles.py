"""A bundle: a process with the forms and tables that it asks, as a ZIP of the files that the desktop Modeler opens."""

import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from pathlib import PurePosixPath

from sqlalchemy.orm import Session

from engine.definitions.limits import MAX_BYTES
from engine.errors import BusinessError
from engine.kernel import Kernel
from webapp.core.errors import NotFound, RuleViolation
from webapp.studio import drafts
from webapp.studio.departments.rules import DEPARTMENTS, OWN, check_drawer
from webapp.studio.models import Draft, DraftKind

MAX_FILES = 200
MAX_ALL = 20 * 1024 * 1024  # bytes of all files of a bundle together
NUMBERED = re.compile(r"\.(bpmn|dmn)\d*(\.xml)?$", re.IGNORECASE)  # as other programs name their files: .bpmn20.xml
JUNK = "__MACOSX/"  # what one desktop puts beside every file
FOLDERS = {DraftKind.PROCESS: "processes", DraftKind.DECISION: "processes", DraftKind.FORM: "forms"}
KNOWN_FOLDERS = frozenset({*FOLDERS.values(), *DEPARTMENTS})


@dataclass(frozen=True)
class Read:
    """A file that can be opened."""

    name: str
    kind: DraftKind
    key: str
    path: str
    text: str


@dataclass(frozen=True)
class Brought:
    """What became of one file that was brought: its draft, or why there is none. `same`: it is live as it is."""

    name: str
    draft: Draft | None = None
    refusal: BusinessError | None = None
    same: bool = False


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


def read_files(files: Iterable[tuple[str, bytes]]) -> list[Read | Brought]:
    """What can be opened, out of bundles too, and why the rest cannot; the database is not asked."""
    return [each if isinstance(each, Brought) else _read_one(each) for each in _all(files)]


def bring(
    session: Session, files: Sequence[Read | Brought], *, replace: bool, actor_id: int | None, now: datetime
) -> list[Brought]:
    """A draft for each file that was read; one that cannot be opened says why and stops no other.

    `replace`: a draft that is there gets the text of the file. Of several files, those that are live as they are need
    no draft.
    """
    read = [each for each in files if isinstance(each, Read)]
    read.sort(key=lambda each: each.key)
    read.sort(key=lambda each: each.kind, reverse=True)  # as a publication takes them: neither waits for the other
    live = drafts.live_texts(session, [(each.kind, each.key) for each in read])
    done: dict[int, Brought] = {}
    for each in read:
        known = live.get((each.kind, each.key))
        if len(files) > 1 and known is not None and known.text == each.text:  # a file alone was meant
            done[id(each)] = Brought(each.name, same=True)
        else:
            done[id(each)] = _bring(session, each, replace=replace, actor_id=actor_id, now=now)
    return [each if isinstance(each, Brought) else done[id(each)] for each in files]


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


def _read_one(file: _File) -> Read | Brought:
    name, body = file.name, file.body
    kind = DraftKind.of_path(NUMBERED.sub(r".\1", name))
    if kind is None:
        return Brought(name, refusal=RuleViolation("file_kind_unknown"))
    if len(body) > MAX_BYTES:
        return Brought(name, refusal=RuleViolation("draft_too_large"))
    try:
        text = body.decode("utf-8-sig")
        key = drafts.key_to_draw(kind, text)
        return Read(name, kind, key, path_in(kind, key, file.folders), text)
    except UnicodeDecodeError:
        return Brought(name, refusal=RuleViolation("file_not_utf8"))
    except BusinessError as refusal:
        return Brought(name, refusal=refusal)


def _bring(session: Session, file: Read, *, replace: bool, actor_id: int | None, now: datetime) -> Brought:
    try:
        known = drafts.find_draft(session, file.kind, file.key) if replace else None
        if known is None:
            made = drafts.new_draft(session, file.kind, file.path, file.text, actor_id=actor_id, now=now)
            return Brought(file.name, made)
        if actor_id is not None:
            check_drawer(session, [known.path], actor_id)
        drafts.replace_text(session, known, file.text, actor_id=actor_id, now=now)
        return Brought(file.name, known)
    except BusinessError as refusal:
        return Brought(file.name, refusal=refusal)


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
