"""The application's clock: the machine's, unless a test or the demo has set another."""

from datetime import datetime

from flask import Flask, current_app

from engine.clock import Clock, SystemClock


def init_app(app: Flask, clock: Clock | None = None) -> None:
    app.extensions["clock"] = clock or SystemClock()


def clock() -> Clock:
    found: Clock = current_app.extensions["clock"]
    return found


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return clock().now()
