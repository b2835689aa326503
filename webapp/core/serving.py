"""The processes of one installation, the web server and the scheduler: started, watched and stopped together."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from http.client import HTTPConnection, HTTPException

FIRST_PORT = 8000
PORTS_TRIED = 100
GRACE = 10.0  # seconds that a process has to finish what it is at


class PortTaken(Exception):
    """The port that was asked for belongs to another program."""


def free_port(host: str, asked: int | None = None) -> int:
    """The port that was asked for, or the first free one from 8000 on. Raises PortTaken."""
    for port in [asked] if asked else [*range(FIRST_PORT, FIRST_PORT + PORTS_TRIED), 0]:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise PortTaken(f"port {asked} is taken")


def answers(host: str, port: int) -> bool:
    """Whether a web server answers a request there, whatever it answers."""
    connection = HTTPConnection(host, port, timeout=20)
    try:
        connection.request("HEAD", "/")
        connection.getresponse()
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
    return True


def keep_running(
    commands: Sequence[Sequence[str]],
    *,
    environment: Mapping[str, str],
    is_ready: Callable[[], bool],
    when_ready: Callable[[], None],
    companions: Sequence[Sequence[str]] = (),
) -> int:
    """Run the commands until SIGINT or SIGTERM comes or one of them ends; then stop the others.

    The commands run in process groups of their own: Ctrl-C reaches this process alone, which ends
    them in an orderly way. Companions are started when the others are ready, and may end when they
    are done. Returns 0 after a signal, else the failed command's status (never 0).
    """
    asked_to_stop = False

    def stop(*_: object) -> None:
        nonlocal asked_to_stop
        asked_to_stop = True

    previous = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    children: list[subprocess.Popen[bytes]] = []
    beside: list[subprocess.Popen[bytes]] = []

    def start(command: Sequence[str]) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(command, env=environment, process_group=0)  # noqa: S603  # our own commands

    try:
        for command in commands:
            children.append(start(command))
        waiting = True
        while not asked_to_stop:
            ended = next((child for child in children if child.poll() is not None), None)
            if ended is not None:
                return ended.returncode or 1
            if waiting and is_ready():
                waiting = False
                when_ready()
                for command in companions:
                    beside.append(start(command))
            time.sleep(0.1)
        return 0
    finally:
        end([*children, *beside])
        for number, handler in previous.items():
            signal.signal(number, handler)


def end(children: Sequence["subprocess.Popen[bytes]"], grace: float = GRACE) -> None:
    """Ask the processes to end; after `grace` seconds, those that have not are killed with all they started."""
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(grace)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
