"""The set-up that ./run and ./test share."""

import os
import stat
import subprocess
from pathlib import Path

import pytest

from tests.house.repository import ROOT


def bash(script: str, *, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run lines of bash after the set-up's functions; `path` stands first on PATH."""
    environment = os.environ | ({"PATH": f"{path}:{os.environ['PATH']}"} if path else {})
    return subprocess.run(
        ["bash", "-euc", f"set -o pipefail; . requirements/setup.sh; {script}"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def program(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def test_somebody_who_is_not_root_is_told_what_to_install(tmp_path: Path) -> None:
    program(tmp_path, "id", "echo 1000")
    program(tmp_path, "apt-get", f"touch {tmp_path}/called")

    done = bash("need_packages ./test chromium postgresql", path=tmp_path)

    assert done.returncode == 2
    assert "sudo apt-get install --yes --no-install-recommends chromium postgresql" in done.stderr
    assert not (tmp_path / "called").exists()


def test_what_is_only_wished_for_stops_nobody(tmp_path: Path) -> None:
    program(tmp_path, "id", "echo 1000")

    done = bash("wish_packages Printing libpango-1.0-0; echo started", path=tmp_path)

    assert done.returncode == 0
    assert "sudo apt-get install --yes --no-install-recommends libpango-1.0-0" in done.stdout
    assert done.stdout.endswith("started\n")


def test_root_whose_apt_fails_is_told_and_goes_on(tmp_path: Path) -> None:
    program(tmp_path, "id", "echo 0")
    program(tmp_path, "apt-get", 'case "$1" in install) exit 100 ;; esac')

    done = bash("wish_packages Printing libpango-1.0-0; echo started", path=tmp_path)

    assert done.returncode == 0
    assert done.stdout.endswith("started\n")


def test_root_gets_what_is_missing(tmp_path: Path) -> None:
    program(tmp_path, "id", "echo 0")
    program(tmp_path, "apt-get", f'echo "$@" >> {tmp_path}/called')

    done = bash("need_packages ./test chromium postgresql", path=tmp_path)

    assert done.returncode == 0
    assert "install --yes --no-install-recommends chromium postgresql" in (tmp_path / "called").read_text()


def test_a_package_that_cannot_be_installed_stops_with_the_reason(tmp_path: Path) -> None:
    program(tmp_path, "id", "echo 0")
    program(tmp_path, "apt-get", 'case "$1" in install) echo "no such package" >&2; exit 100 ;; esac')

    done = bash("need_packages ./test chromium", path=tmp_path)

    assert done.returncode == 2
    assert "no such package" in done.stderr
    assert "could not install: chromium" in done.stderr


def test_an_old_python_is_passed_over(tmp_path: Path) -> None:
    program(tmp_path, "old", "exit 1")
    program(tmp_path, "new", "exit 0")

    assert bash('PYTHON="old new"; find_python', path=tmp_path).stdout == "new\n"
    assert bash('PYTHON="old"; find_python', path=tmp_path).returncode == 1


@pytest.mark.parametrize("change", ["a", "b/c"])
def test_a_stamp_holds_until_a_file_below_changes(tmp_path: Path, change: str) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "a").write_text("1")
    (tmp_path / "b" / "c").write_text("1")
    ask = f'is_fresh {tmp_path}.stamp "$(hash_of {tmp_path})"'

    bash(f"hash_of {tmp_path} > {tmp_path}.stamp")
    before = bash(ask).returncode
    (tmp_path / change).write_text("2")

    assert (before, bash(ask).returncode) == (0, 1)


def test_what_pip_is_set_to_is_handed_to_uv(tmp_path: Path) -> None:
    python = tmp_path / "python"
    program(
        tmp_path, "python", 'case "$*" in *index-url) echo https://index.example.com/ ;; *cert) echo /ca.pem ;; esac'
    )

    done = bash(
        f"unset PIP_INDEX_URL PIP_CERT UV_DEFAULT_INDEX UV_INDEX_URL SSL_CERT_FILE; python={python}; use_pip_settings; "
        'echo "$UV_DEFAULT_INDEX $SSL_CERT_FILE"'
    )

    assert done.stdout == "https://index.example.com/ /ca.pem\n"


def test_the_output_of_a_quiet_step_is_shown_when_it_fails() -> None:
    assert bash("quietly echo fine").stdout == ""
    assert "broken" in bash("quietly sh -c 'echo broken; exit 3' || exit 4").stderr


def test_an_unknown_option_is_refused_before_anything_is_set_up() -> None:
    for command in ("./run", "./test"):
        done = subprocess.run([command, "--help-me"], cwd=ROOT, capture_output=True, text=True, check=False)

        assert done.returncode == 2
        assert "knows" in done.stderr


def test_python_keeps_what_it_has_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")

    done = bash("python3 -c 'import sys; print(sys.dont_write_bytecode)'")

    assert done.stdout == "False\n"


@pytest.mark.parametrize(
    ("has", "user", "known", "missing"),
    [
        ("", 0, True, "chromium-headless-shell\n"),
        ("", 1000, False, "chromium-headless-shell\n"),
        ("chromium-headless-shell", 0, True, ""),
        ("chromium", 0, True, "chromium-headless-shell\n"),  # half the time
        ("chromium", 0, False, ""),  # not every distribution has it
        ("google-chrome", 1000, True, ""),
    ],
)
def test_the_browser_without_windows_is_asked_for_where_it_can_be_had(
    has: str, user: int, known: bool, missing: str
) -> None:
    machine = (
        f'command() {{ for each in "$@"; do case " {has} " in *" $each "*) return 0 ;; esac; done; return 1; }}; '
        f"id() {{ echo {user}; }}; apt-cache() {{ {str(known).lower()}; }}; "
    )

    assert bash(f"unset CHROMIUM; {machine} missing_browser").stdout == missing
    assert bash(f"{machine} CHROMIUM=/browser missing_browser").stdout == ""
