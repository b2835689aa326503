"""The Chromium of the machine: the shell without windows where there is one, which costs half of the whole browser."""

import os
import shutil
from typing import Any

import pytest

KNOWN = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def chromium_options() -> dict[str, Any]:
    """How Playwright starts it."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, KNOWN)), None)
    if not found:
        pytest.fail(f"No Chromium: install Debian's package {KNOWN[0]}, or set CHROMIUM to its path.", pytrace=False)
    switches = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    if os.geteuid() == 0:  # Chromium's sandbox refuses to run as root
        switches.append("--no-sandbox")
    return {"executable_path": found, "args": switches}
