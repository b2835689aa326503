"""How gunicorn serves Marshrut: threads, because live pages each hold one; see docs/guides/installing.md.

WEB_CONCURRENCY raises the number of web processes; leave it at 1 on SQLite.
"""

import os

worker_class = "gthread"
threads = 100
timeout = 60
graceful_timeout = 5
keepalive = 15
loglevel = "warning"
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108  # a heartbeat file, in memory
control_socket_disable = True
