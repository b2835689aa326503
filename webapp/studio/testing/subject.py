"""What is played: the live version of a process, or a draft of it with the drafts that are published together."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app, request, url_for
from sqlalchemy.orm import Session

from engine.sandbox import Sandbox
from webapp.core.clock import now
from webapp.core.errors import NotFound
from webapp.core.workflow import engine
from webapp.studio import drafts
from webapp.studio.models import Draft, DraftKind
from webapp.studio.testing.sandboxes import Shelf

SHELF = "studio_sandboxes"


@dataclass(frozen=True)
class Subject:
    """A process by its key, and the files that stand for what is live."""

    key: str
    draft: Draft | None
    files: Mapping[str, bytes]
    draft_id: int = 0

    def address(self, endpoint: str = "testing.show_run", **more: Any) -> str:
        """An address of this subject's test run."""
        return url_for(endpoint, key=self.key, draft=self.draft_id or None, **more)

    def sandbox(self, session: Session) -> Sandbox:
        """Raises DefinitionRejected, UnknownDefinition."""
        shelf: Shelf = current_app.extensions.setdefault(SHELF, Shelf())
        return shelf.sandbox(session, engine().kernel, self.key, self.files, now=now())


def asked_subject(session: Session, key: str) -> Subject:
    """The process of the address, and its draft where the address names one. Raises NotFound."""
    number = request.args.get("draft", 0, type=int)
    if not number:
        return Subject(key, None, {})
    draft = drafts.draft_of(session, number)
    if draft.kind is not DraftKind.PROCESS or draft.key != key:
        raise NotFound("draft_unknown")
    return Subject(key, draft, drafts.files_of(drafts.together(session, draft)), draft.id)
