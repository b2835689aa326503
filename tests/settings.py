"""The settings with which tests create the application."""

from collections.abc import Mapping
from pathlib import Path

# a hash that costs nothing: the strength of argon2 is not what the tests are about
QUICK_HASH = {"argon2__rounds": 1, "argon2__memory_cost": 8, "argon2__parallelism": 1}

# every test has an application of its own, and all have the same pages
PAGES = Path(__file__).parent.parent / "build" / "pages"

# as a browser sees it: forms carry their CSRF token
FOR_BROWSERS: Mapping[str, object] = {
    "secret_key": "for tests only",
    "template_cache": str(PAGES),
    "secure_cookies": False,
    "RATELIMIT_ENABLED": False,
    "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": QUICK_HASH,
}
FOR_TEST_CLIENTS: Mapping[str, object] = {
    **FOR_BROWSERS,
    "default_language": "en",
    "TESTING": True,
    "WTF_CSRF_ENABLED": False,
}
