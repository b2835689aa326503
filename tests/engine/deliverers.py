"""Processes that deliver the outbox beside each other, to be killed by tests."""

import multiprocessing
import socket
import time
from contextlib import suppress
from datetime import timedelta
from multiprocessing.process import BaseProcess

from sqlalchemy import func, select

from engine.clock import SystemClock
from engine.database import make_database
from engine.errors import DatabaseBusy, DeliveryFailed
from engine.outbox import OutboxMessage, OutboxState, Outgoing, deliver_due

LEASE = timedelta(seconds=1)

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload([__name__])


class LineSender:
    """Writes the key as a line to a socket and waits for an answer."""

    def __init__(self, port: int) -> None:
        self._port = port

    def send(self, message: Outgoing) -> None:
        with socket.create_connection(("127.0.0.1", self._port), timeout=5) as connection:
            connection.sendall(f"{message.dedupe}\n".encode())
            if not connection.recv(10):
                raise DeliveryFailed("no answer")


def deliver_all(url: str, port: int) -> None:
    """Deliver until nothing waits."""
    database = make_database(url)
    left = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.state == OutboxState.WAITING)
    while True:
        with database.read() as session:
            if not session.scalar(left):
                break
        with suppress(DatabaseBusy):
            deliver_due(database.write, {"mail": LineSender(port)}, now=SystemClock().now, lease=LEASE)
        time.sleep(0.05)
    database.close()


def start_deliverer(url: str, port: int) -> BaseProcess:
    process = processes.Process(target=deliver_all, args=(url, port), daemon=True)
    process.start()
    return process
