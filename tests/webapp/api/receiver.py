"""A receiver of webhooks: a real HTTP server on this machine that writes down what it gets."""

import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

PATIENCE = 5  # seconds, less than a sender waits


class QuietServer(ThreadingHTTPServer):
    """Does not tell of callers who hang up."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: a call that is broken off is what a test is about."""


@dataclass(frozen=True)
class Got:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """`status`: what it answers; `location`: a redirect; `drips`: a header every moment, without end.

    `rings` is set by a request; `waits_for`: it answers when this is set, and notes in `waited` whether it was.
    """

    port: int = 0
    status: int = 204
    location: str = ""
    drips: bool = False
    got: list[Got] = field(default_factory=list)
    rings: threading.Event = field(default_factory=threading.Event)
    waits_for: threading.Event | None = None
    waited: bool = False

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks?from=marshrut"


def certificate(folder: Path) -> ssl.SSLContext:
    """That of a server which has signed its own certificate, as nobody should trust it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(plain + made.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


@contextmanager
def listening(tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            receiver.got.append(Got(self.path, dict(self.headers), self.rfile.read(length)))
            receiver.rings.set()
            if receiver.waits_for is not None:
                receiver.waited = receiver.waits_for.wait(PATIENCE)
            self.send_response(receiver.status)
            if receiver.location:
                self.send_header("Location", receiver.location)
            self.send_header("Content-Length", "0")
            if receiver.drips:
                self.flush_headers()
            while receiver.drips:
                try:
                    self.wfile.write(b"X-More: 1\r\n")
                except OSError:
                    return
                time.sleep(0.05)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Tests are quiet."""

    server = QuietServer(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
