"""What findings name outside the draft itself: files that go along with it, and decisions of any table."""

from collections.abc import Iterable
from functools import cached_property
from pathlib import PurePosixPath

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.decisions.questions import questions
from engine.definitions.decision_files import live_texts
from engine.definitions.problems import DefinitionRejected
from webapp.core.i18n import current_language
from webapp.studio.drafts import title_of
from webapp.studio.models import Draft, DraftKind
from webapp.studio.titles import decisions_title


class Elsewhere:
    """The files that findings stand in, by their paths; `draft` is the one that is looked at."""

    def __init__(self, session: Session, draft: Draft | None, paths: Iterable[str]) -> None:
        self._session, self._draft, self._language = session, draft, current_language()
        other = {path for path in paths if path and (draft is None or path != draft.path)}
        found = session.scalars(select(Draft).where(Draft.path.in_(other))).all() if other else []
        self._drafts = {each.path: each for each in found}

    def holder(self, path: str) -> Draft | None:
        """The draft of a file; without a path the one that is looked at."""
        return self._drafts.get(path) or (self._draft if not path or self._is_own(path) else None)

    def title(self, path: str) -> str:
        """What people call a file; empty for the one that is looked at."""
        if not path or self._is_own(path):
            return ""
        found = self._drafts.get(path)
        return title_of(found, self._language) if found is not None else PurePosixPath(path).stem

    def decision(self, name: str) -> str:
        """The title of a decision: as it is being drawn here, else as it is live."""
        return self._decisions.get(name, "")

    def table(self, key: str) -> str:
        """The title of a live file of decisions."""
        return decisions_title(self._live.get(key, ""), self._language)

    def _is_own(self, path: str) -> bool:
        return self._draft is not None and path == self._draft.path

    @cached_property
    def _live(self) -> dict[str, str]:
        return live_texts(self._session)

    @cached_property
    def _decisions(self) -> dict[str, str]:
        drawn = [each for each in (*self._drafts.values(), self._draft) if each is not None]
        texts = [*self._live.values(), *(each.body for each in drawn if each.kind is DraftKind.DECISION)]
        return {name: title for text in texts for name, title in _titles(text, self._language).items()}


def _titles(text: str, language: str) -> dict[str, str]:
    try:
        found = questions(text)
    except DefinitionRejected:
        return {}
    return {each.id: each.titles.get(language) or each.titles.get("en") or each.name for each in found}
