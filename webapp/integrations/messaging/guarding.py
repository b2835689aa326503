"""Who is asked at the moment of sending: slices that know the receiver and what he has agreed to."""

from flask import Flask

from engine.outbox import Guard


def register_guard(app: Flask, guard: Guard) -> None:
    """Ask this guard for every message to the outside; None means that it has nothing against it."""
    guards_of(app).append(guard)


def guards_of(app: Flask) -> list[Guard]:
    found: list[Guard] = app.extensions.setdefault("outbox_guards", [])
    return found
