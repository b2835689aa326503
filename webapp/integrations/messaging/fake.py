"""A sender that keeps what it is given: for tests and an installation without a mail server."""

from engine.outbox import Outgoing


class FakeSender:
    """Takes everything over; raises `error` instead while one is set."""

    def __init__(self) -> None:
        self.sent: list[Outgoing] = []
        self.error: Exception | None = None

    def send(self, message: Outgoing) -> None:
        if self.error is not None:
            raise self.error
        self.sent.append(message)
