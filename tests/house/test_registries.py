"""What the registries know is documented, and nothing else is."""

import pytest
from flask_babel import force_locale

from engine.operations import Context, OperationSet, Result
from tests.house.repository import ROOT
from webapp.app import create_app
from webapp.core.feature import Feature, Permission
from webapp.core.reference_docs import pages
from webapp.features import FEATURES


@pytest.mark.parametrize("name", ["operations.md", "permissions.md", "settings.md"])
def test_the_reference_page_is_current(name: str) -> None:
    written = (ROOT / "docs" / name).read_text(encoding="utf-8")

    assert written == pages(FEATURES)[name], "run .venv/bin/marshrut docs"


def test_an_operation_is_described_with_its_contract() -> None:
    operations = OperationSet("sales")

    @operations.register
    def record_needs(context: Context, *, budget: int, note: str = "") -> Result:
        """Keep what the customer needs."""
        return {}

    page = pages([Feature("sales", operations=operations)])["operations.md"]

    assert "### sales.record_needs\n\nKeep what the customer needs.\n" in page
    assert "| `budget` | integer | yes |\n| `note` | string |  |\n" in page


def test_the_pages_are_english_whatever_language_is_spoken(tmp_path: object) -> None:
    app = create_app({"data_dir": str(tmp_path), "default_language": "ru"})

    with app.app_context(), force_locale("ru"):
        page = pages(FEATURES)["permissions.md"]

    assert "| `staff.see` | See the staff |" in page


def test_a_bar_in_a_text_does_not_break_the_table() -> None:
    assert "| one \\| two |" in pages([Feature("x", permissions=(Permission("x.see", "one | two"),))])["permissions.md"]
