"""The seals as the person sees them who runs the system: commands, the page, and what the digest does to them."""

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from engine import outbox
from engine.clock import SettableClock
from engine.history.models import HistoryEvent
from engine.instances.models import Command, InstanceStatus, ProcessInstance
from engine.milestones.rebuilding import verify as verify_funnel
from engine.outbox import OutboxMessage, OutboxState
from tests.engine.history.schemas import check_ocel, check_xes
from tests.webapp.conftest import LogIn, MakeApp, on_both_databases
from tests.webapp.funnel.conftest import Pipeline, pipeline
from tests.webapp.staff.factories import NOW, make_user
from webapp.admin import audit_cli, cli, history_cli, retention
from webapp.core import audit
from webapp.core.models import AuditEntry
from webapp.diary.models import Notification, NotificationKind

__all__ = ["pipeline"]

pytestmark = on_both_databases


def call(app: Flask, command: object, *words: str) -> Result:
    with app.app_context():
        return app.test_cli_runner().invoke(command, words)  # type: ignore[arg-type]  # a click command


def run_audit(app: Flask, *words: str) -> Result:
    return call(app, audit_cli.commands, *words)


@pytest.fixture
def entries(session: Session, pipeline: Pipeline) -> list[int]:
    """Five entries of the audit log, and a case with its events."""
    found = [
        audit.record(session, action="staff.user.blocked", subject=f"staff.user:{n}", actor_id=1, now=NOW, n=n)
        for n in range(5)
    ]
    session.commit()
    pipeline.open(None, "contact", "visit", outcome="won")
    return [each.id for each in found]


def test_all_agrees_until_somebody_writes_into_the_table(app: Flask, session: Session, entries: list[int]) -> None:
    before = run_audit(app, "head")
    assert before.exit_code == 1
    assert "Nothing is sealed yet." in before.output
    assert run_audit(app, "seal").exit_code == 0
    sound = run_audit(app, "verify")
    assert (sound.exit_code, "Audit log" in sound.output) == (0, False)

    session.execute(update(AuditEntry).where(AuditEntry.id == entries[1]).values(actor_id=2))
    session.execute(delete(AuditEntry).where(AuditEntry.id == entries[3]))
    session.commit()
    found = run_audit(app, "verify")

    assert found.exit_code == 1
    assert f"Audit log: entry {entries[1]} was changed after it was sealed (seal 2)." in found.output
    assert f"Audit log: entry {entries[3]} was removed (seal 2)." in found.output


def test_the_whole_check_looks_at_the_seals_too(
    app: Flask, make_app: MakeApp, session: Session, entries: list[int]
) -> None:
    run_audit(app, "seal")
    assert "seals:" not in call(app, cli.verify_command).output
    session.execute(update(AuditEntry).where(AuditEntry.id.in_(entries[1:3])).values(actor_id=2))
    session.execute(delete(HistoryEvent).where(HistoryEvent.seq == 1))
    session.commit()

    found = call(app, cli.verify_command)
    with_another_secret = call(make_app(secret_key="another one"), cli.verify_command)

    assert found.exit_code == 1
    assert f"seals: audit, seal 2, entries {entries[1]} to {entries[2]}: changed\n" in found.output
    assert "seals: history, seal 1, entry 1: removed\n" in found.output
    assert "of other key" not in with_another_secret.output
    assert "seals: history, seal 1, entry 1: removed\n" in with_another_secret.output


def test_many_entries_are_one_sentence(app: Flask, session: Session, entries: list[int]) -> None:
    run_audit(app, "seal")
    session.execute(update(AuditEntry).where(AuditEntry.id != entries[2]).values(actor_id=2))
    session.execute(update(AuditEntry).where(AuditEntry.id == entries[2]).values(actor_id=1))
    session.commit()

    found = run_audit(app, "verify").output

    assert f"entries {entries[0]}–{entries[1]} were changed" in found
    assert f"entries {entries[3]}–{entries[4]} were changed" in found
    assert "4 disagreements." in found


def test_what_is_too_new_is_told(app: Flask, session: Session, entries: list[int]) -> None:
    run_audit(app, "seal")
    audit.record(session, action="staff.user.blocked", subject="staff.user:9", actor_id=1, now=NOW)
    session.commit()

    assert "Audit log: 1 entries are too new to be sealed." in run_audit(app, "verify").output


def test_a_kept_head_shows_a_cut_tail(app: Flask, session: Session, entries: list[int]) -> None:
    run_audit(app, "seal")
    head = run_audit(app, "head").output.strip()
    assert run_audit(app, "verify", "--head", head).exit_code == 0
    other = head[:-1] + ("0" if head[-1] != "0" else "1")

    cut = run_audit(app, "verify", "--head", other)

    assert (cut.exit_code, "Seal 2 is not the one that was kept" in cut.output) == (1, True)
    assert run_audit(app, "verify", "--head", "nonsense").exit_code == 2


def test_a_changed_secret_is_named_and_the_former_one_helps(
    app: Flask, make_app: MakeApp, entries: list[int], tmp_path: Path
) -> None:
    run_audit(app, "seal")
    (tmp_path / "former").write_text(app.config["SECRET_KEY"])
    other = make_app(secret_key="another one")

    assert "--former-secret" in run_audit(other, "verify").output
    assert run_audit(other, "verify", "--former-secret", str(tmp_path / "former")).exit_code == 0


def test_the_page_tells_of_seals_and_of_the_last_verification(
    app: Flask, client: FlaskClient, log_in: LogIn, session: Session, entries: list[int], clock: SettableClock
) -> None:
    log_in("admin.see")
    assert "Nothing is sealed yet." in client.get("/system").text
    run_audit(app, "seal")
    assert "was never run" in client.get("/system").text
    run_audit(app, "verify")
    clock.advance(timedelta(hours=2))
    rows = 5 + (session.scalar(select(func.count()).select_from(HistoryEvent)) or 0)

    assert f"{rows} entries are sealed, the last seal (2) is 2\u00a0h" in client.get("/system").text
    russian = client.get("/system", headers={"Accept-Language": "ru"}).text
    assert "всё сходится" in russian

    session.execute(update(AuditEntry).where(AuditEntry.id == entries[0]).values(details="{}"))
    session.commit()
    run_audit(app, "verify")
    assert "1 disagree." in client.get("/system").text
    assert client.get("/health").status_code == 503


def make_old(session: Session, pipeline: Pipeline) -> int:
    """A case that ended long ago, with a detail in its log."""
    case = pipeline.open(None, "contact", outcome="won", at=NOW - timedelta(days=400))
    session.execute(
        update(ProcessInstance)
        .where(ProcessInstance.id == case.id)
        .values(status=InstanceStatus.COMPLETED, ended_at=NOW - timedelta(days=399))
    )
    if session.get_bind().dialect.name == "postgresql":  # the pipeline numbers its events itself
        newest = select(func.max(HistoryEvent.seq)).scalar_subquery()
        session.execute(select(func.setval(func.pg_get_serial_sequence("history_event", "seq"), newest)))
    session.add(
        HistoryEvent(
            instance_id=case.id,
            definition_id=case.definition_id,
            kind="commented",
            at=NOW - timedelta(days=400),
            payload='{"text":"Ada Brown will call"}',
            command_key="talk",
            ordinal=0,
        )
    )
    session.commit()
    return case.id


def test_old_details_are_summed_up_once_somebody_says_so(
    app: Flask, make_app: MakeApp, session: Session, pipeline: Pipeline, client: FlaskClient
) -> None:
    case = make_old(session, pipeline)
    kept = call(app, history_cli.commands, "digest", "--dry-run")
    assert (kept.exit_code, "MARSHRUT_HISTORY_KEEP_DAYS" in kept.output) == (1, True)
    short = make_app(history_keep_days=365)
    run_audit(short, "seal")
    assert (
        "Would be replaced by digests: 1 entries of 1 case."
        in call(short, history_cli.commands, "digest", "--dry-run").output
    )

    done = call(short, history_cli.commands, "digest")
    again = call(short, history_cli.commands, "digest", "--dry-run")

    session.rollback()
    kinds = session.scalars(select(HistoryEvent.kind).where(HistoryEvent.instance_id == case)).all()
    noted = session.scalars(select(AuditEntry).where(AuditEntry.action == "admin.history.digested")).one()
    assert "Replaced by digests: 1 entries of 1 case." in done.output
    assert "0 entries" in again.output
    assert sorted(kinds) == ["case_closed", "case_digested", "case_opened", "milestone_entered"]
    assert (noted.facts["cases"], noted.facts["events"]) == ([case], 1)
    run_audit(short, "seal")
    verified = run_audit(short, "verify")
    assert (verified.exit_code, "1 entries of old cases were replaced by digests" in verified.output) == (0, True)
    with short.app_context():
        assert verify_funnel(session, short.extensions["workflow"].store.plans(session)) == []


def test_what_is_old_is_forgotten(app: Flask, make_app: MakeApp, session: Session) -> None:
    reader = make_user(session)
    for days in (1, 89, 91, 400):
        at = NOW - timedelta(days=days)
        session.add(Command(key=f"{days}", actor_id=1, at=at, result="{}"))
        outbox.enqueue(session, channel="mail", recipient="a@example.com", body={"n": days}, dedupe=f"{days}", now=at)
        for read_at in (at, None):
            told = {"user_id": reader.id, "kind": NotificationKind.ASSIGNED, "code": f"{days}", "created_at": at}
            session.add(Notification(**told, read_at=read_at))
    session.flush()
    sent = OutboxMessage.dedupe.in_(["1", "400"])
    session.execute(update(OutboxMessage).where(sent).values(state=OutboxState.SENT))
    session.commit()

    with make_app(command_keep_days=0, told_keep_days=0).app_context():
        assert retention.forget_old() == 0
    with app.app_context():
        assert retention.forget_old() == 2 + 1 + 1
        assert retention.forget_old() == 0

    session.rollback()
    assert set(session.scalars(select(Command.key))) == {"1", "89"}
    texts = {row.dedupe: row.body for row in session.execute(select(OutboxMessage.dedupe, OutboxMessage.body))}
    assert [texts[days] for days in ("1", "91", "400")] == ['{"n": 1}', '{"n": 91}', "{}"]
    assert len(session.scalars(select(Notification)).all()) == 7


def test_the_log_is_exported_by_command(app: Flask, session: Session, entries: list[int], tmp_path: Path) -> None:
    for name, check in (("xes", check_xes), ("ocel", check_ocel)):
        out = tmp_path / f"log.{name}"
        done = call(app, history_cli.commands, "export", "--process", "sale", "--format", name, "--out", str(out))

        assert done.exit_code == 0, done.output
        assert check(out.read_bytes()) is not None
    out = tmp_path / "none.xes"
    call(app, history_cli.commands, "export", "--from", "2031-01-01", "--out", str(out))
    assert check_xes(out.read_bytes()).findall("trace") == []
