"""The shipped nginx before several web processes, as an installation has it, but for TLS and the ports."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.installation import HOST, unused_port
from webapp.core.serving import answers

ROOT = Path(__file__).parent.parent
SHIPPED = ROOT / "deploy" / "nginx"
AROUND = """
{user} daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; worker_processes 1;
events {{ worker_connections 512; }}
http {{
    include /etc/nginx/mime.types;
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    {site}
}}
"""


@contextmanager
def nginx_before(ports: Sequence[int], folder: Path) -> Iterator[str]:
    """Its address. Each web process listens on a port of its own."""
    port = unused_port()
    folder.mkdir(exist_ok=True)
    settings = folder / "nginx.conf"
    user = "user root;" if os.geteuid() == 0 else ""  # else the workers could not read the folders of the test
    settings.write_text(AROUND.format(folder=folder, user=user, site=_site(ports, port)))
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    assert program, "No nginx: ./test --setup-only installs Debian's."
    running = subprocess.Popen([program, "-e", str(folder / "error.log"), "-p", str(folder), "-c", str(settings)])
    try:
        while not answers(HOST, port):
            assert running.poll() is None, (folder / "error.log").read_text()
        yield f"http://{HOST}:{port}"
    finally:
        running.terminate()
        running.wait()


def _site(ports: Sequence[int], port: int) -> str:
    """The shipped site without its first server, which only leads to TLS."""
    upstream = (SHIPPED / "marshrut-upstream.conf").read_text()
    servers = "\n".join(f"server {HOST}:{each} max_fails=0;" for each in ports)
    upstream = re.sub(r"^    server .*$", servers, upstream, count=1, flags=re.MULTILINE)
    site = (SHIPPED / "marshrut.conf").read_text()
    site = re.sub(r"server \{\s+listen 80;.*?\n\}\n", "", site, flags=re.DOTALL)
    site = re.sub(r"^    (ssl_|listen \[).*$", "", site, flags=re.MULTILINE)
    site = site.replace("listen 443 ssl http2;", f"listen {HOST}:{port};").replace("/opt/marshrut", str(ROOT))
    site = site.replace("proxy_set_header Host $host;", "proxy_set_header Host $http_host;")  # the port is another
    return site.replace("include /etc/nginx/marshrut-upstream.conf;", upstream).replace("$host;", "$http_host;")
