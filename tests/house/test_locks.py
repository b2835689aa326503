"""The locks: complete, by hash, free of registries, and what is tested is what runs."""

import json
import re

from packaging.requirements import Requirement

from requirements.notices import normal
from tests.house.repository import ROOT

LOCKS = ("boot", "runtime", "dev")


def locked(name: str) -> dict[str, str]:
    """Package -> version of one lock."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    return {
        normal(package): version
        for package, version in re.findall(r"^([A-Za-z0-9._-]+)(?:\[.*?\])?==(\S+)", text, re.M)
    }


def asked(name: str) -> list[Requirement]:
    lines = (ROOT / "requirements" / f"{name}.in").read_text().splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith(("#", "-"))]


def test_every_requirement_is_locked_at_a_version_it_allows() -> None:
    unfit = [
        str(requirement)
        for name in LOCKS
        for requirement in asked(name)
        if not requirement.specifier.contains(locked(name).get(normal(requirement.name), "0"))
        or normal(requirement.name) not in locked(name)
    ]

    assert not unfit, "run requirements/lock"


def test_what_is_tested_is_what_runs() -> None:
    assert locked("runtime").items() <= locked("dev").items()
    assert {name: version for name, version in locked("boot").items() if name in locked("dev")}.items() <= locked(
        "dev"
    ).items()


def test_every_locked_package_is_pinned_by_hash() -> None:
    for name in LOCKS:
        text = (ROOT / "requirements" / f"{name}.txt").read_text()

        blocks = re.split(r"\n(?=\S)", text.strip())

        assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []
        assert len(blocks) == len(locked(name))


def test_every_package_of_the_pages_is_pinned_by_hash_and_names_no_registry() -> None:
    lock = ROOT / "webapp" / "ui" / "package-lock.json"
    packages = json.loads(lock.read_text(encoding="utf-8"))["packages"] if lock.exists() else {}

    assert [path for path, package in packages.items() if path and not package.get("integrity")] == []
    assert [path for path, package in packages.items() if "resolved" in package] == []
