"""Settings come from MARSHRUT_* variables; what is unknown or unreadable stops the start."""

import stat
from pathlib import Path

import pytest

from webapp.app import create_app
from webapp.core.config import Settings, documented, read_environment


def test_a_setting_is_read_from_its_variable() -> None:
    found = read_environment(
        {"MARSHRUT_DEMO": "yes", "MARSHRUT_SESSION_HOURS": "3", "MARSHRUT_BASE_URL": "x", "HOME": "y"}
    )

    assert (found.demo, found.session_hours, found.base_url) == (True, 3, "x")


@pytest.mark.parametrize(
    ("variable", "text"), [("MARSHRUT_DEMOO", "1"), ("MARSHRUT_DEMO", "maybe"), ("MARSHRUT_SESSION_HOURS", "long")]
)
def test_a_mistake_is_named(variable: str, text: str) -> None:
    with pytest.raises(ValueError, match=variable):
        read_environment({variable: text})


def test_an_unknown_override_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TypeError):
        create_app({"data_dir": str(tmp_path), "demoo": True})


def test_every_setting_is_documented() -> None:
    assert all(text.endswith(".") for _, _, text in documented())


def test_the_database_is_a_file_in_the_data_folder_unless_told_otherwise(tmp_path: Path) -> None:
    assert Settings(data_dir=str(tmp_path)).resolved_database_url == f"sqlite:///{tmp_path}/marshrut.db"
    assert Settings(database_url="postgresql://x/y").resolved_database_url == "postgresql://x/y"


def test_a_secret_is_made_once_and_kept_from_others(tmp_path: Path) -> None:
    first = create_app({"data_dir": str(tmp_path)}).config["SECRET_KEY"]
    second = create_app({"data_dir": str(tmp_path)}).config["SECRET_KEY"]

    assert first == second
    assert len(first) > 40
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
