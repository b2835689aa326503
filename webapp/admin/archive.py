"""The file of a backup: a compressed tar with a manifest first, then the database, the secret and the files.

`manifest.json` says what made it and which checksums the other members must have; files of people are named by their
own checksum. A member that is not expected, or lies elsewhere, is refused: nothing is written outside the folder.
"""

import hashlib
import io
import json
import os
import re
import tarfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

from webapp.core.errors import RuleViolation

FORMAT = 1
MANIFEST, SECRET, FILES = "manifest.json", "secret_key", "files"
DATABASES = {"sqlite": "database.sqlite", "postgresql": "database.dump"}
OF_A_FILE = re.compile(rf"{FILES}/([0-9a-f]{{2}})/([0-9a-f]{{64}})")
BLOCK = 1 << 20
COMPRESSION = 1  # photos do not shrink, and the rest shrinks quickly


@dataclass(frozen=True)
class Manifest:
    """What a backup holds. `revision`: of the tables; `checksums`: SHA-256 of the members but the people's files.

    `missing`: files that a record names and the folder did not have.
    """

    made_at: str
    dialect: str
    revision: str
    cases: int
    files: int
    file_bytes: int
    checksums: dict[str, str]
    missing: list[str] = field(default_factory=list)
    format: int = FORMAT


def checksum(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def write(target: Path, manifest: Manifest, members: Iterable[tuple[str, Path]]) -> None:
    """Write the archive beside its place and move it there when it is whole; only its owner may read it."""
    part = target.with_name(f"{target.name}.part")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as opened:
            with tarfile.open(fileobj=opened, mode="w:gz", compresslevel=COMPRESSION) as tar:
                text = json.dumps(asdict(manifest), indent=1).encode()
                _add(tar, MANIFEST, io.BytesIO(text), len(text))
                for name, path in members:
                    with path.open("rb") as content:
                        _add(tar, name, content, path.stat().st_size)
            opened.flush()
            os.fsync(opened.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _add(tar: tarfile.TarFile, name: str, content: IO[bytes], size: int) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    tar.addfile(member, content)


@contextmanager
def opened(source: Path) -> Iterator["Reading"]:
    """The archive, read once from its beginning to its end. RuleViolation: backup_unreadable."""
    try:
        with tarfile.open(source, mode="r|gz") as tar:
            yield Reading(tar)
    except (tarfile.TarError, EOFError, OSError, ValueError, KeyError, TypeError) as error:
        if isinstance(error, OSError) and not isinstance(error, tarfile.TarError) and error.errno is not None:
            raise  # no such file, no room on the disk: not the archive's fault
        raise RuleViolation("backup_unreadable", str(error), reason=str(error)) from error


class Reading:
    """An archive in hand: first its manifest, then its members."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        first = tar.next()
        if first is None or first.name != MANIFEST or not first.isfile():
            raise ValueError("the manifest is missing")
        said = json.loads(self._content(first).read())
        if said.get("format") != FORMAT:
            raise RuleViolation("backup_format", f"format {said.get('format')}")
        self.manifest = Manifest(**said)

    def unpack(self, place: Callable[[str], Path]) -> None:
        """Write every member where `place` says and hold it against its checksum."""
        awaited = dict(self.manifest.checksums)
        files = 0
        while (member := self._tar.next()) is not None:  # iterating would begin with the manifest again
            known = OF_A_FILE.fullmatch(member.name)
            expected = known[2] if known and known[2].startswith(known[1]) else awaited.pop(member.name, None)
            if expected is None or not member.isfile():
                raise ValueError(f"{member.name} does not belong here")
            files += known is not None
            if self._write(member, place(member.name)) != expected:
                raise ValueError(f"{member.name} is damaged")
        if awaited or files != self.manifest.files:
            raise ValueError(f"incomplete: {sorted(awaited)}, {files} of {self.manifest.files} files")

    def _write(self, member: tarfile.TarInfo, path: Path) -> str:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        digest, content = hashlib.sha256(), self._content(member)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as written:
            while block := content.read(BLOCK):
                digest.update(block)
                written.write(block)
        return digest.hexdigest()

    def _content(self, member: tarfile.TarInfo) -> IO[bytes]:
        content = self._tar.extractfile(member)
        if content is None:
            raise ValueError(f"{member.name} is no file")
        return content
