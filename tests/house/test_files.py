"""What a file of this repository may be, and what may stand in it."""

import re

import pytest

from tests.house.repository import ROOT, files, name_of, texts

LONGEST = 400
FOLDERS = {"engine", "webapp", "processes", "forms", "migrations", "tests", "docs", "requirements", "deploy", ".ci"}
ROOT_FILES = {
    ".gitignore",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "NOTICE",
    "README.md",
    "README.ru.md",
    "SECURITY.md",
    "alembic.ini",
    "pyproject.toml",
    "run",
    "test",
}
# what nobody may find in a tracked file, and why
FORBIDDEN = {
    "a path of one machine": r"(?<![\w.])/(work|farm)/|/tmp/(research|bash_jobs|studio)|(?<![\w.~])/(home|Users)/\w",
    "a folder that is no part of the repository": (
        r"(?<![\w/])(\.\./)+shared/|\bshared/(design|domain|mockups|reference|fixtures)"
    ),
    "the address of a package registry": (
        r"https?://(?![^\"'\s]*/funding/)[^\"'\s]*(/simple/|/pypi/|registry\.|/npm/)|files\.pythonhosted|registry\.npmjs|deb\.debian\.org"
    ),
    "the name of a writing machine": r"(?i)\b(claude|anthropic|chatgpt|openai|copilot)\b|co-authored-by",
    "unfinished work": r"\b(TODO|FIXME|XXX)\b|(?i:coming soon|lorem ipsum)",
    "a phone number outside the example range": r"\+7[ (-]*9(?!00[ )-]*000)\d\d[ )-]*\d{3}[ -]?\d\d[ -]?\d\d(?!\d)",
    "an e-mail address of a real host": (
        r"[\w.+-]+@(?!(?:[\w-]+\.)*(?i:example\.(?:com|org|net|ru)|test|invalid|localhost|example)\b)[\w-]+\.(com|ru|org|net|io)\b"
    ),
}
LICENCES = ("LICENSE", "docs/third-party-notices.md")
NOT_OURS = ("webapp/ui/package-lock.json", "requirements/boot.txt", "requirements/runtime.txt", "requirements/dev.txt")


def test_a_python_file_has_at_most_400_lines() -> None:
    long = {name: text.count("\n") for name, text in texts("engine/*.py", "webapp/*.py") if text.count("\n") > LONGEST}

    assert not long


def test_every_folder_and_file_at_the_top_is_one_of_the_architecture() -> None:
    top = {name_of(path).partition("/")[0] for path in files()}

    assert {name for name in top if (ROOT / name).is_dir()} <= FOLDERS
    assert {name for name in top if (ROOT / name).is_file()} <= ROOT_FILES


@pytest.mark.parametrize("why", FORBIDDEN)
def test_no_file_contains(why: str) -> None:
    pattern = re.compile(FORBIDDEN[why])

    found = [
        f"{name}:{text.count(chr(10), 0, match.start()) + 1}: {match.group()}"
        for name, text in texts()
        if name not in LICENCES and name != name_of(ROOT / "tests/house/test_files.py")
        if not (name in NOT_OURS and why.startswith("an e-mail"))
        for match in pattern.finditer(text)
    ]

    assert not found, f"{why} in:\n" + "\n".join(found)


@pytest.mark.parametrize(
    ("why", "text"),
    [
        ("a path of one machine", "see /work" + "/main/x.py"),
        ("a folder that is no part of the repository", "../sha" + "red/design"),
        ("the address of a package registry", "https://mirror.example.com/simple" + "/flask/"),
        ("the name of a writing machine", "asked Cla" + "ude"),
        ("unfinished work", "# TO" + "DO later"),
        ("a phone number outside the example range", "+7 916 555-12-12"),
        ("an e-mail address of a real host", "ivan@mail.ru"),
    ],
)
def test_the_search_finds(why: str, text: str) -> None:
    assert re.search(FORBIDDEN[why], text)


@pytest.mark.parametrize(
    ("why", "text"),
    [
        ("a phone number outside the example range", "+7 900 000-12-34"),
        ("an e-mail address of a real host", "anna@dealer.example.com"),
        ("a path of one machine", "https://example.com/work/42"),
    ],
)
def test_the_search_leaves_alone(why: str, text: str) -> None:
    assert not re.search(FORBIDDEN[why], text)


def test_no_module_has_a_name_that_says_nothing() -> None:
    vague = {"utils", "util", "helpers", "helper", "misc", "manager", "managers", "handlers"}

    assert not [name_of(path) for path in files("engine/*.py", "webapp/*.py") if path.stem in vague]


def test_the_commands_can_be_run() -> None:
    commands = ["run", "test", ".ci/run", "requirements/lock", "deploy/bare-root-check"]

    assert not [name for name in commands if not (ROOT / name).stat().st_mode & 0o100]
    assert "./test" in (ROOT / ".ci/run").read_text()
