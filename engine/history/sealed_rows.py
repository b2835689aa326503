"""What a seal is made of: the mark of a row, lists of ids and marks as bytes, and the keyed hashes over them.

Pure. A mark is the SHA-256 of a row's columns, cut to 128 bits: nobody finds another row with the same mark.
"""

import hashlib
import hmac
import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Table

MARK_BYTES = 16
FORMAT = b"1"
MOST_BYTES = 1 << 24  # of an unpacked list: a damaged one must not fill the memory


@dataclass(frozen=True)
class SealedLog:
    """A table that only grows. `columns` are sealed in this order; a column that is added later is not."""

    name: str
    table: Table
    key: str
    columns: tuple[str, ...]

    @property
    def id(self) -> ColumnElement[int]:
        return self.table.c[self.key]

    @property
    def sealed_columns(self) -> list[ColumnElement[Any]]:
        return [self.table.c[name] for name in (self.key, *self.columns)]


@dataclass(frozen=True)
class SealKey:
    """The key of the installation. `name` tells which it was, and nothing else of it."""

    secret: bytes

    @classmethod
    def derived(cls, secret: str) -> "SealKey":
        """From the secret of the installation, for this use alone."""
        return cls(hmac.digest(secret.encode(), b"marshrut log seals", "sha256"))

    @property
    def name(self) -> str:
        return hashlib.sha256(b"name" + self.secret).hexdigest()[:16]


@dataclass(frozen=True)
class SealBody:
    """What the hash of a seal covers. `previous`: the hash of the seal before it."""

    number: int
    log: str
    first: int
    last: int
    rows: int
    at: datetime
    ids: bytes
    marks: bytes
    previous: str

    def hash(self, key: SealKey) -> str:
        head = f"{self.number} {self.log} {self.first} {self.last} {self.rows} {_moment(self.at)} {self.previous}"
        return _keyed(key, b"seal", head.encode(), self.ids, self.marks)


def mark_of(row: Sequence[object]) -> bytes:
    """The mark of a row's values, its number among them."""
    parts = ["-" if value is None else _measured(_text(value)) for value in row]
    return hashlib.sha256(FORMAT + "".join(parts).encode()).digest()[:MARK_BYTES]


def pack_ids(ids: Sequence[int]) -> bytes:
    """Growing numbers as differences, compressed."""
    before = [0, *ids[:-1]]
    return zlib.compress(struct.pack(f">{len(ids)}Q", *(each - last for each, last in zip(ids, before, strict=True))))


def unpack_ids(packed: bytes) -> list[int]:
    """Raises ValueError when these are no ids."""
    ids, last = [], 0
    for (step,) in struct.iter_unpack(">Q", _inflate(packed)):
        last += step
        ids.append(last)
    return ids


def marks_by_id(ids: bytes, marks: bytes) -> Mapping[int, bytes]:
    """Raises ValueError when the two lists do not fit together."""
    numbers = unpack_ids(ids)
    if len(marks) != MARK_BYTES * len(numbers):
        raise ValueError("as many marks as ids")
    return {each: marks[at * MARK_BYTES : (at + 1) * MARK_BYTES] for at, each in enumerate(numbers)}


def pack_gone(gone: Iterable[int]) -> bytes:
    return pack_ids(sorted(gone))


def unpack_gone(packed: bytes) -> list[int]:
    return unpack_ids(packed) if packed else []


def gone_hash(key: SealKey, seal: str, gone: bytes) -> str:
    """Only who has the key can say that rows of this seal were replaced by a digest."""
    return _keyed(key, b"gone", seal.encode(), gone)


def _keyed(key: SealKey, *parts: bytes) -> str:
    whole = hmac.new(key.secret, FORMAT, "sha256")
    for part in parts:
        whole.update(struct.pack(">Q", len(part)))
        whole.update(part)
    return whole.hexdigest()


def _inflate(packed: bytes) -> bytes:
    try:
        unpacking = zlib.decompressobj()
        found = unpacking.decompress(packed, MOST_BYTES)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    if not unpacking.eof or len(found) % 8:
        raise ValueError("cut short")
    return found


def _measured(text: str) -> str:
    """With its length before it, so that no two rows look alike."""
    return f"{len(text)}:{text}"


def _text(value: object) -> str:
    return _moment(value) if isinstance(value, datetime) else str(value)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
