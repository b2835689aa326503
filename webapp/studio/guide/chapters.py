"""Which chapters the guide has, in their order, and where their texts lie.

The texts have one source, docs/guides: they are read there on a code host and here in the product, which always runs
from a checkout and reads its processes, forms and migrations beside its packages in the same way.
"""

from dataclasses import dataclass
from pathlib import Path

GUIDES = Path(__file__).parents[3] / "docs" / "guides"
PICTURES = GUIDES / "studio" / "pictures"
LANGUAGES = ("en", "ru")


@dataclass(frozen=True)
class Chapter:
    """`name` in the address of its page; `stem` of its files below docs/guides; details are for looking up."""

    name: str
    stem: str
    is_detail: bool = False

    def path(self, language: str) -> Path:
        return GUIDES / (f"{self.stem}.md" if language == "en" else f"{self.stem}.{language}.md")


CONTENTS = Chapter("", "studio")
CHAPTERS = (
    Chapter("library", "studio/library"),
    Chapter("drawing", "studio/drawing"),
    Chapter("forms", "studio/forms"),
    Chapter("decisions", "studio/decisions"),
    Chapter("test-run", "studio/test-run"),
    Chapter("publishing", "studio/publishing"),
    Chapter("undoing", "studio/undoing"),
    Chapter("heat-map", "studio/heat-map"),
    Chapter("files", "studio/files"),
    Chapter("processes-in-full", "processes", is_detail=True),
    Chapter("decisions-in-full", "decisions", is_detail=True),
    Chapter("when-a-case-stops", "repairing", is_detail=True),
)
BY_NAME = {chapter.name: chapter for chapter in CHAPTERS}
BY_PATH = {chapter.path(language): chapter for chapter in (CONTENTS, *CHAPTERS) for language in LANGUAGES}
