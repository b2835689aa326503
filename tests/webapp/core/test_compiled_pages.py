"""Compiled pages are kept between starts, follow their text, and are never needed."""

import shutil
from pathlib import Path

import pytest
from flask import Flask

from tests.settings import FOR_TEST_CLIENTS
from webapp.app import create_app


@pytest.fixture
def data_dir(sqlite_template: Path, tmp_path: Path) -> Path:
    shutil.copyfile(sqlite_template, tmp_path / "marshrut.db")
    return tmp_path


def started(data_dir: Path, **settings: object) -> Flask:
    return create_app({**FOR_TEST_CLIENTS, "template_cache": "", "data_dir": str(data_dir), **settings})


def test_the_second_start_reads_what_the_first_compiled(data_dir: Path) -> None:
    for _ in range(2):
        assert started(data_dir).test_client().get("/sign-in", follow_redirects=True).status_code == 200
        kept = {each.name: each.stat().st_mtime_ns for each in (data_dir / "pages").iterdir()}
        assert kept
    started(data_dir).test_client().get("/sign-in", follow_redirects=True)

    assert {each.name: each.stat().st_mtime_ns for each in (data_dir / "pages").iterdir()} == kept


def test_what_is_damaged_is_compiled_anew(data_dir: Path) -> None:
    started(data_dir).test_client().get("/sign-in", follow_redirects=True)
    for each in (data_dir / "pages").iterdir():
        each.write_bytes(each.read_bytes()[:40])

    assert started(data_dir).test_client().get("/sign-in", follow_redirects=True).status_code == 200


def test_without_a_folder_the_pages_still_come(data_dir: Path) -> None:
    (data_dir / "pages").write_text("a file stands in the way")

    assert started(data_dir).test_client().get("/sign-in", follow_redirects=True).status_code == 200


def test_when_nothing_can_be_kept_the_pages_still_come(data_dir: Path) -> None:
    app = started(data_dir)
    (data_dir / "pages").rmdir()

    assert app.test_client().get("/sign-in", follow_redirects=True).status_code == 200
