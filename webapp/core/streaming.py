"""Answers that are written while they are sent."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from flask import stream_with_context
from sqlalchemy.orm import Session

from webapp.core.database import database, session

Piece = TypeVar("Piece", str, bytes)


def streamed(write: Callable[[Session], Iterator[Piece]]) -> Iterator[Piece]:
    """Lines that are read and sent one by one, in a reading unit of their own.

    The request's unit ends before the first of them. What it has loaded is let go as it is, so that the language and
    the zone of whoever asks stay known; call this last.
    """
    session().expunge_all()
    opened = database()

    def lines() -> Iterator[Piece]:
        with opened.read() as reading:
            yield from write(reading)

    return stream_with_context(lines())
