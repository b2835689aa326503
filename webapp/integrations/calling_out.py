"""A POST to an address that somebody has typed in: over HTTPS, to the public network alone, no redirects followed.

The name is resolved here, once, and the connection goes to the very address that was looked at: a name that answers
differently a moment later (DNS rebinding) leads nowhere else.
"""

import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import SplitResult, urlsplit

from engine.errors import DeliveryRefused, ReceiverDown

TIMEOUT_SECONDS = 10  # of one wait
LONGEST_SECONDS = 30  # of the whole call: a receiver that sends a letter now and then holds nobody up
MOST_READ = 2000  # bytes of an answer
PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True)
class Answered:
    """What the receiver said; `text` is the beginning of it."""

    status: int
    text: str


class AddressUnfit(ValueError):
    """No address that may be called; the message is its code."""


def check_address(address: str, *, private: bool) -> SplitResult:
    """Whether it may be called at all, before any name is resolved. AddressUnfit."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise AddressUnfit("address_unreadable") from None
    if not parts.hostname or not address.isascii() or not address.isprintable() or " " in address or port == 0:
        raise AddressUnfit("address_unreadable")
    if parts.scheme != "https" and not (private and parts.scheme == "http"):
        raise AddressUnfit("address_not_https")
    if parts.username or parts.password or parts.fragment:
        raise AddressUnfit("address_unreadable")
    try:
        literal = ipaddress.ip_address(parts.hostname)
    except ValueError:
        if not private and _is_of_the_house(parts.hostname):
            raise AddressUnfit("address_private") from None
        return parts
    if not private and not is_public(literal):
        raise AddressUnfit("address_private")
    return parts


def post(
    address: str, content: bytes, headers: Mapping[str, str], *, private: bool, longest: float = LONGEST_SECONDS
) -> Answered:
    """Send and read the answer. ReceiverDown when nobody answers; DeliveryRefused for what may not be called."""
    try:
        parts = check_address(address, private=private)
    except AddressUnfit as error:
        raise DeliveryRefused(str(error)) from error
    port = parts.port or PORTS[parts.scheme]
    places = resolve(parts.hostname or "", port)
    if not private and not all(is_public(ipaddress.ip_address(each)) for each in places):
        raise DeliveryRefused("address_private")
    connection = _connection(parts, places, port)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    over = threading.Event()
    watchdog = threading.Timer(longest, _cut, [connection, over])
    watchdog.daemon = True
    watchdog.start()
    try:
        connection.request("POST", target, body=content, headers=dict(headers))
        answer = connection.getresponse()
        found = Answered(answer.status, answer.read(MOST_READ).decode("utf-8", "replace"))
    except (OSError, HTTPException) as error:
        if not over.is_set():
            raise ReceiverDown(f"{type(error).__name__}: {error}") from error
    finally:
        watchdog.cancel()
        connection.close()
    if over.is_set():
        raise ReceiverDown(f"no whole answer within {longest} seconds")
    return found


def resolve(host: str, port: int) -> list[str]:
    """The addresses behind a name."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise ReceiverDown(f"the name cannot be resolved: {error}") from error
    return [str(each[4][0]).partition("%")[0] for each in found]


def _is_of_the_house(host: str) -> bool:
    """Names that lead nowhere but into the own network; where any other leads is seen when it is called."""
    host = host.rstrip(".").lower()
    return "." not in host or host.endswith((".localhost", ".local", ".internal", ".lan"))


def is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether it lies in the public network; what is wrapped in an IPv6 address is looked at as well."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is not None:
            return is_public(inner)
        if address in ipaddress.IPv6Network("64:ff9b::/96"):
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return address.is_global and not address.is_multicast


class _Pinned(HTTPConnection):
    """Speaks to the host by its name, and connects to one of the addresses that were looked at."""

    def __init__(self, host: str, port: int, places: Sequence[str]) -> None:
        super().__init__(host, port, timeout=TIMEOUT_SECONDS)
        self.places = places

    def connect(self) -> None:
        self.sock = _reach(self.places, self.port)


class _PinnedTls(HTTPSConnection):
    """The same with TLS: the certificate must be that of the name."""

    def __init__(self, host: str, port: int, places: Sequence[str]) -> None:
        self.verifying = ssl.create_default_context()
        super().__init__(host, port, timeout=TIMEOUT_SECONDS, context=self.verifying)
        self.places = places

    def connect(self) -> None:
        self.sock = self.verifying.wrap_socket(_reach(self.places, self.port), server_hostname=self.host)


def _reach(places: Sequence[str], port: int) -> socket.socket:
    """The first of the addresses that answers."""
    failure: OSError | None = None
    for place in places:
        try:
            return socket.create_connection((place, port), TIMEOUT_SECONDS)
        except OSError as error:
            failure = error
    raise failure or OSError("the name leads nowhere")


def _cut(connection: HTTPConnection, over: threading.Event) -> None:
    """End a call that takes too long, whatever it waits for."""
    over.set()
    opened = connection.sock
    if opened is not None:
        with suppress(OSError):
            opened.shutdown(socket.SHUT_RDWR)


def _connection(parts: SplitResult, places: Sequence[str], port: int) -> HTTPConnection:
    kind = _PinnedTls if parts.scheme == "https" else _Pinned
    return kind(parts.hostname or "", port, places)
