"""The script that a person is in the middle of: kept in a row of his own, so that it survives a reload."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from engine.persistence import insert_for, table_of
from engine.sandbox import Script, ScriptRefused, read_script, write_script
from webapp.core.errors import NotFound
from webapp.studio import drafts
from webapp.studio.models import Draft, DraftKind, RecordedCase, RunningScript


def running(session: Session, *, person_id: int, process_key: str, draft_id: int) -> Script:
    """The script as it was left; empty when nothing was begun, or an older version wrote it."""
    row = _row(session, person_id, process_key, draft_id)
    try:
        return Script() if row is None else read_script(row.script)
    except ScriptRefused:
        return Script()


def keep(session: Session, script: Script, *, person_id: int, process_key: str, draft_id: int, now: datetime) -> Script:
    """Write the script down. Raises ScriptRefused if it could not be read again."""
    text = write_script(script)
    checked = read_script(text)
    whose = {"person_id": person_id, "process_key": process_key, "draft_id": draft_id}
    newest = {"script": text, "changed_at": now}
    insert = insert_for(session.get_bind().dialect.name, table_of(RunningScript)).values(**whose, **newest)
    session.execute(insert.on_conflict_do_update(index_elements=list(whose), set_=newest))
    return checked


def drop(session: Session, *, person_id: int, process_key: str, draft_id: int) -> None:
    session.execute(
        delete(RunningScript).where(
            RunningScript.person_id == person_id,
            RunningScript.process_key == process_key,
            RunningScript.draft_id == draft_id,
        )
    )


def script_of(case: RecordedCase) -> Script:
    """The script of a kept case. Raises ScriptRefused."""
    return read_script(case.script)


def draft_of(session: Session, draft_id: int) -> Draft:
    """A draft of a process. Raises NotFound."""
    found = drafts.draft_of(session, draft_id)
    if found.kind is not DraftKind.PROCESS:
        raise NotFound("draft_unknown")
    return found


def _row(session: Session, person_id: int, process_key: str, draft_id: int) -> RunningScript | None:
    return session.scalar(
        select(RunningScript).where(
            RunningScript.person_id == person_id,
            RunningScript.process_key == process_key,
            RunningScript.draft_id == draft_id,
        )
    )
