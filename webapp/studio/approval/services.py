"""Asking a second person, and what he says. A decision holds for the text that was looked at and for no other."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, select, update
from sqlalchemy.orm import Session

from engine.definitions.models import ProcessDefinition
from engine.kernel import Kernel
from engine.migration.mapping import Pairs, write_pairs
from webapp.core import audit, events
from webapp.core.errors import Conflict, Forbidden, RuleViolation
from webapp.core.telling import News
from webapp.staff.queries import people_with
from webapp.studio import drafts
from webapp.studio.approval.models import Approval
from webapp.studio.approval.touching import Touch, touched
from webapp.studio.departments.models import ApprovalPolicy
from webapp.studio.departments.rules import Rules, department_of, rules_of
from webapp.studio.models import Draft

APPROVE = "studio.approve"


@dataclass(frozen=True)
class Need:
    """Whether a draft needs a second look, why, and how far that is. `may`: who can give it.

    `request`: the newest one, also if something else was drawn since (`stale`).
    """

    rules: Sequence[Rules]  # of every department whose files go live
    touches: Sequence[Touch]
    request: Approval | None
    stale: bool
    may: frozenset[int]

    @property
    def asked(self) -> bool:
        """Must a second person look?"""
        policies = {each.policy for each in self.rules}
        return ApprovalPolicy.ALWAYS in policies or (ApprovalPolicy.TOUCHED in policies and bool(self.touches))

    def may_draw(self, person_id: int) -> bool:
        """Does this person draw everything that would go live?"""
        return all(each.may_draw(person_id) for each in self.rules)

    @property
    def pending(self) -> bool:
        return self.request is not None and not self.stale and self.request.approved is None

    @property
    def returned(self) -> bool:
        return self.request is not None and self.request.approved is False

    @property
    def given(self) -> bool:
        return self.request is not None and not self.stale and self.request.approved is True

    @property
    def stands_in_the_way(self) -> bool:
        return self.asked and not self.given


def need_of(session: Session, kernel: Kernel, together: Sequence[Draft], language: str) -> Need:
    """How a draft stands, with all that would be published together with it; it is the first."""
    known = rules_of(session)
    rules = [known[name] for name in sorted({department_of(each.path) for each in together})]
    if {each.policy for each in rules} == {ApprovalPolicy.NEVER}:
        reasons = []
    else:
        reasons = touched(session, kernel, together, language)
    request = newest(session, together[0])
    stale = request is not None and request.digest != digest_of(together)
    able = people_with(session, APPROVE)
    may = frozenset(person for person in able if all(each.may_approve(person) for each in rules))
    return Need(rules, reasons, request, stale, may - drafts.authors_of(session, together))


def ask(
    session: Session,
    kernel: Kernel,
    draft: Draft,
    *,
    digest: str,
    note: str,
    running: str | None = None,
    pairs: Pairs | None = None,
    actor_id: int,
    now: datetime,
) -> Approval:
    """Ask whoever may approve. `digest`: of what was looked at; `running` and `pairs`: what is to become of cases.

    Raises Conflict where the draft is another one by now, RuleViolation where nobody may.
    """
    together = drafts.together(session, draft)
    if digest != digest_of(together):
        raise Conflict("draft_moved_on", f"Draft {draft.id}, or what goes with it, is not what was looked at.")
    need = need_of(session, kernel, together, "")
    if need.given:
        raise Conflict("draft_moved_on", f"Draft {draft.id} is approved already.")
    asked = need.may - {actor_id}
    if not asked:
        raise RuleViolation("approval_nobody")
    _forget(session, draft)
    made = Approval(
        kind=draft.kind,
        key=draft.key,
        digest=digest,
        asked_by=actor_id,
        asked_at=now,
        note=note,
        running=running,
        mapping=write_pairs(pairs or {}),
    )
    session.add(made)
    session.flush()
    _note(session, "studio.approval.asked", draft, actor_id, now, note)
    _tell(session, "approval_asked", draft, asked, actor_id, now)
    return made


def decide(
    session: Session,
    kernel: Kernel,
    draft: Draft,
    *,
    digest: str,
    approved: bool,
    comment: str,
    actor_id: int,
    now: datetime,
) -> Approval:
    """The word of the second person. `digest`: of what he has looked at.

    Raises Forbidden for who has drawn or asked, Conflict where there is nothing to decide, or another text by now,
    RuleViolation where a draft is sent back without a word.
    """
    need = need_of(session, kernel, drafts.together(session, draft), "")
    if need.request is None or not need.pending or digest != need.request.digest:
        raise Conflict("draft_moved_on", f"Nothing of draft {draft.id} waits for approval as it was looked at.")
    if actor_id not in need.may or actor_id == need.request.asked_by:
        raise Forbidden("look_not_yours")
    if not approved and not comment:
        raise RuleViolation("approval_needs_reason")
    decided = session.execute(
        update(Approval)
        .where(Approval.id == need.request.id, Approval.approved.is_(None))
        .values(approved=approved, comment=comment, decided_by=actor_id, decided_at=now)
        .execution_options(synchronize_session=False)
    )
    if not decided.rowcount:  # type: ignore[attr-defined]  # an UPDATE has one
        raise Conflict("draft_moved_on", f"Somebody else has decided about draft {draft.id}.")
    session.refresh(need.request)
    _note(session, "studio.approval.given" if approved else "studio.approval.refused", draft, actor_id, now, comment)
    if need.request.asked_by is not None:
        code = "approval_given" if approved else "approval_returned"
        _tell(session, code, draft, frozenset({need.request.asked_by}), actor_id, now, words=comment)
    return need.request


def withdraw(session: Session, kernel: Kernel, draft: Draft, *, actor_id: int, now: datetime) -> Approval:
    """Take a request back that nobody has decided; what it said is returned. Whoever could give it is told.

    Raises Forbidden for who has not asked, Conflict where there is nothing to take back.
    """
    request = newest(session, draft)
    if request is not None and request.asked_by != actor_id:
        raise Forbidden("look_not_yours")
    undecided = delete(Approval).where(Approval.id == (request.id if request else 0), Approval.approved.is_(None))
    gone = session.execute(undecided.execution_options(synchronize_session=False))
    if request is None or not gone.rowcount:  # type: ignore[attr-defined]  # a DELETE has one
        raise Conflict("draft_moved_on", f"No request for draft {draft.id} waits any more.")
    session.expunge(request)
    _note(session, "studio.approval.withdrawn", draft, actor_id, now, request.note)
    asked = need_of(session, kernel, drafts.together(session, draft), "").may - {actor_id}
    _tell(session, "approval_withdrawn", draft, asked, actor_id, now)
    return request


def newest(session: Session, draft: Draft) -> Approval | None:
    """The last request for a draft that was not published since."""
    return session.scalar(
        select(Approval)
        .where(Approval.kind == draft.kind, Approval.key == draft.key, Approval.deployment_id.is_(None))
        .order_by(Approval.id.desc())
        .limit(1)
    )


def close(session: Session, draft: Draft, deployment_id: int | None) -> None:
    """The draft is live, or thrown away: an approval stays with the publication that it allowed."""
    request = newest(session, draft)
    if request is not None and deployment_id is not None and request.approved:
        request.deployment_id = deployment_id
        session.flush()
    _forget(session, draft)


def waiting(session: Session) -> list[tuple[Approval, Draft]]:
    """What nobody has decided yet, the oldest first."""
    statement = select(Approval, Draft).join(Draft, and_(Draft.kind == Approval.kind, Draft.key == Approval.key))
    undecided = statement.where(Approval.approved.is_(None), Approval.deployment_id.is_(None))
    return [(request, draft) for request, draft in session.execute(undecided.order_by(Approval.id))]


def approvals_of(session: Session, definition_ids: Sequence[int]) -> Mapping[int, int]:
    """Who approved these versions of processes before they went live, by version."""
    rows = session.execute(
        select(ProcessDefinition.id, Approval.decided_by)
        .join(Approval, Approval.deployment_id == ProcessDefinition.deployment_id)
        .where(ProcessDefinition.id.in_(definition_ids))
    )
    return {definition_id: person for definition_id, person in rows if person is not None}


def digest_of(together: Sequence[Draft]) -> str:
    """Of a draft and all that is published with it: SHA-256, hex."""
    whole = hashlib.sha256()
    for path, body in sorted(drafts.files_of(together).items()):
        whole.update(path.encode() + b"\0" + hashlib.sha256(body).digest())
    return whole.hexdigest()


def _forget(session: Session, draft: Draft) -> None:
    session.execute(
        delete(Approval).where(Approval.kind == draft.kind, Approval.key == draft.key, Approval.deployment_id.is_(None))
    )


def _note(session: Session, action: str, draft: Draft, actor_id: int, now: datetime, said: str) -> None:
    subject = f"{draft.kind}:{draft.key}"
    audit.record(session, action=action, subject=subject, actor_id=actor_id, now=now, rev=draft.rev, said=said)


def _tell(
    session: Session,
    code: str,
    draft: Draft,
    recipients: frozenset[int],
    actor_id: int,
    now: datetime,
    **more: str,
) -> None:
    titles = {language: drafts.title_of(draft, language) for language in ("en", "ru")}
    params = {"by": actor_id, "draft": draft.id, "title": titles, **more}
    events.publish(News(code, recipients, actor_id, now, params), session=session)
