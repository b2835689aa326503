"""Third-party licences: allowed, listed, and the page is what the packages say today."""

import pytest

from requirements.notices import NOTICES, is_allowed, render


def test_the_page_of_notices_is_current() -> None:
    assert NOTICES.read_text(encoding="utf-8") == render(), "run .venv/bin/python requirements/notices.py"


@pytest.mark.parametrize(
    ("name", "expression"),
    [
        ("flask", "BSD-3-Clause"),
        ("orjson", "MPL-2.0 AND (Apache-2.0 OR MIT)"),
        ("left-to-choose", "GPL-3.0-only OR MIT"),
        ("psycopg", "LGPL-3.0-only"),
        ("SpiffWorkflow", "LGPL-3.0-only"),
    ],
)
def test_a_licence_that_leaves_us_free_is_allowed(name: str, expression: str) -> None:
    assert is_allowed(name, expression)


@pytest.mark.parametrize(
    ("name", "expression"),
    [
        ("pm4py", "AGPL-3.0-or-later"),
        ("client", "GPL-3.0-only"),
        ("both", "MIT AND GPL-3.0-only"),
        ("nested", "(MIT AND GPL-2.0-only) OR AGPL-3.0-only"),
        ("another-library", "LGPL-3.0-only"),
        ("silent", ""),
        ("broken", "MIT AND"),
        ("unread", "<Other/Proprietary License>"),
    ],
)
def test_any_other_licence_is_refused(name: str, expression: str) -> None:
    assert not is_allowed(name, expression)
