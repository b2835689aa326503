"""The log of gunicorn in the form of all the others: `--logger-class webapp.core.server_log.ServerLines`."""

import os
from typing import Any

from gunicorn.glogging import Logger  # type: ignore[import-untyped]  # gunicorn has no types

from webapp.core import logs
from webapp.core.config import read_environment


class ServerLines(Logger):  # type: ignore[misc]  # so its class is untyped
    """What the web server itself has to say goes the same way; its own lines for requests are not needed."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        logs.set_up(read_environment(os.environ))
        for handler in list(self.error_log.handlers):
            self.error_log.removeHandler(handler)
        self.error_log.propagate = True
