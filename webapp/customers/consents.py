"""The register of consents: given, withdrawn, and the versions of the texts that people agree to."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session, joinedload

from webapp.core import audit
from webapp.core.errors import Conflict, RuleViolation
from webapp.customers.consenting import is_active
from webapp.customers.models import (
    Answer,
    Consent,
    ConsentChannel,
    ConsentKind,
    ConsentText,
    ConsentWay,
    Customer,
    CustomerEmail,
    CustomerPhone,
    DataBasis,
    Direction,
    InteractionChannel,
    PreferredChannel,
    StopKind,
    StopListEntry,
    WithdrawalWay,
)
from webapp.customers.models.consents import checksum_of, stop_hash
from webapp.customers.services import add_interaction

GIVEN, WITHDRAWN = "consent.given", "consent.withdrawn"  # subjects of the chronicle
CLOCKS_DIFFER = timedelta(minutes=5)


@dataclass(frozen=True)
class GivenConsent:
    """What is recorded of a consent. `channels`: of advertising alone. `text_id`: None means the newest text."""

    kind: ConsentKind
    channels: Sequence[ConsentChannel] = ()
    way: ConsentWay = ConsentWay.PAPER
    given_at: datetime | None = None  # None: now
    valid_to: datetime | None = None
    text_id: int | None = None
    proof: str = ""
    proof_file_id: int | None = None


def require_proof(given: GivenConsent) -> None:
    """Who advertises must be able to prove it. RuleViolation: consent_proof_missing."""
    if not given.proof and given.proof_file_id is None:
        raise RuleViolation("consent_proof_missing", "A consent that nobody can prove is worth nothing.")


def find_text(session: Session, kind: ConsentKind) -> ConsentText | None:
    """The version that is signed now: the newest."""
    statement = select(ConsentText).where(ConsentText.kind == kind).order_by(ConsentText.version.desc())
    return session.scalar(statement.limit(1))


def list_texts(session: Session, kind: ConsentKind | None = None, *, with_authors: bool = False) -> list[ConsentText]:
    """All versions by kind, the newest first."""
    statement = select(ConsentText).order_by(ConsentText.kind, ConsentText.version.desc())
    if with_authors:
        statement = statement.options(joinedload(ConsentText.author))
    return list(session.scalars(statement if kind is None else statement.where(ConsentText.kind == kind)))


def count_by_text(session: Session) -> dict[int, int]:
    """How many consents refer to each version."""
    statement = select(Consent.text_id, func.count()).where(Consent.text_id.is_not(None)).group_by(Consent.text_id)
    return {text_id: count for text_id, count in session.execute(statement) if text_id is not None}


def add_text(
    session: Session,
    kind: ConsentKind,
    *,
    text_en: str,
    text_ru: str,
    actor_id: int | None,
    now: datetime,
    shipped: bool = False,
) -> ConsentText:
    """A new version; the older ones stay as they are. RuleViolation: consent_text_missing, consent_text_same."""
    text_en, text_ru = text_en.strip(), text_ru.strip()
    if not text_en or not text_ru:
        raise RuleViolation("consent_text_missing", "A text is needed in both languages.")
    newest = find_text(session, kind)
    checksum = checksum_of(text_en, text_ru)
    if newest is not None and newest.checksum == checksum:
        raise RuleViolation("consent_text_same", "Nothing differs from the version in force.")
    added = ConsentText(
        kind=kind,
        version=newest.version + 1 if newest else 1,
        text_en=text_en,
        text_ru=text_ru,
        checksum=checksum,
        shipped=shipped,
        created_at=now,
        created_by=actor_id,
    )
    session.add(added)
    session.flush()
    audit.record(
        session,
        action="customers.consent_text.added",
        subject=f"customers.consent_text:{added.id}",
        actor_id=actor_id,
        now=now,
        kind=kind.value,
        version=added.version,
    )
    return added


def has_consent(
    session: Session, customer_id: int, kind: ConsentKind, *, channel: ConsentChannel | None = None, now: datetime
) -> bool:
    """Whether a consent is on file that holds; with a channel, for that one."""
    statement = select(Consent.id).where(Consent.customer_id == customer_id, Consent.kind == kind, is_active(now))
    if channel is not None:
        statement = statement.where(Consent.channel == channel.value)
    return session.scalar(statement.limit(1)) is not None


def list_consents(session: Session, customer_id: int) -> list[Consent]:
    """All that was ever given, the newest first."""
    statement = (
        select(Consent)
        .where(Consent.customer_id == customer_id)
        .options(
            joinedload(Consent.text).defer(ConsentText.text_en).defer(ConsentText.text_ru),
            joinedload(Consent.file),
            joinedload(Consent.withdrawal_file),
            joinedload(Consent.recorder),
            joinedload(Consent.withdrawer),
        )
    )
    return list(session.scalars(statement.order_by(Consent.given_at.desc(), Consent.id.desc())))


def give_consent(
    session: Session, customer: Customer, given: GivenConsent, *, actor_id: int | None, now: datetime
) -> list[Consent]:
    """Record a consent: one row, of advertising one for each channel. A channel that is agreed to already stays.

    RuleViolation: consent_channel_missing, consent_in_future, consent_ends_early, consent_text_unknown; Conflict:
    consent_given_already.
    """
    given_at = given.given_at or now
    is_advertising = given.kind is ConsentKind.ADVERTISING
    if is_advertising and not given.channels:
        raise RuleViolation("consent_channel_missing", "Advertising is agreed to by channel.")
    if given_at > now + CLOCKS_DIFFER:
        raise RuleViolation("consent_in_future", "A consent is recorded when it has been given.")
    if given.valid_to is not None and given.valid_to <= now:
        raise RuleViolation("consent_ends_early", "It would have ended already.")
    text = _text_of(session, given)
    wanted = {channel.value for channel in given.channels} if is_advertising else {""}
    missing = wanted - _channels_on_file(session, customer.id, given, now)
    if not missing:
        raise Conflict("consent_given_already", "This consent is on file.")
    rows = [
        Consent(
            customer_id=customer.id,
            kind=given.kind,
            channel=channel,
            text_id=text.id if text else None,
            given_at=given_at,
            way=given.way,
            proof=given.proof,
            proof_file_id=given.proof_file_id,
            valid_to=given.valid_to,
            recorded_by=actor_id,
            recorded_at=now,
        )
        for channel in sorted(missing)
    ]
    session.add_all(rows)
    if is_advertising:
        customer.advertising = Answer.YES
    elif given.kind is ConsentKind.PERSONAL_DATA:
        customer.data_basis = DataBasis.CONSENT
    _note(session, customer, GIVEN, given.kind, sorted(missing), given.way, given.proof, actor_id, now)
    return rows


def withdraw_consents(
    session: Session,
    customer: Customer,
    kind: ConsentKind,
    *,
    channels: Collection[ConsentChannel] = (),
    way: WithdrawalWay,
    reason: str = "",
    file_id: int | None = None,
    actor_id: int | None,
    now: datetime,
) -> int:
    """Withdraw what holds, of advertising by these channels (none named: all). It works at once for all sending.

    Returns how many consents ended. With the one to processing of personal data nothing is sent any more: of his
    addresses hashes stay on the stop list, when the data themselves are deleted.
    """
    statement = select(Consent).where(Consent.customer_id == customer.id, Consent.kind == kind, is_active(now))
    if channels:
        statement = statement.where(Consent.channel.in_([channel.value for channel in channels]))
    rows = session.scalars(statement).all()
    for row in rows:
        row.withdrawn_at, row.withdrawn_way, row.withdrawn_reason, row.withdrawn_by = now, way, reason, actor_id
        row.withdrawn_file_id = file_id
    session.flush()
    if kind is ConsentKind.ADVERTISING and not has_consent(session, customer.id, kind, now=now):
        customer.advertising = Answer.NO
    elif kind is ConsentKind.PERSONAL_DATA and rows:
        customer.data_basis = None
        stop_writing(session, customer, reason="consent withdrawn", actor_id=actor_id, now=now)
    if rows:
        ended = sorted({row.channel for row in rows})
        _note(session, customer, WITHDRAWN, kind, ended, way, reason, actor_id, now)
    return len(rows)


def prefer_channel(
    session: Session, customer: Customer, channel: PreferredChannel, *, actor_id: int | None, now: datetime
) -> None:
    """The customer chooses by what he is reached, from the cheapest to the most personal."""
    customer.preferred_channel = channel
    audit.record(
        session,
        action="customers.channel.chosen",
        subject=f"customers.customer:{customer.id}",
        actor_id=actor_id,
        now=now,
        channel=channel.value,
    )


def stop_writing(session: Session, customer: Customer, *, reason: str, actor_id: int | None, now: datetime) -> int:
    """Put all his phones and mails on the stop list; returns how many were not there yet."""
    hashes = _hashes_of(session, customer)
    known = set(session.scalars(select(StopListEntry.hash).where(StopListEntry.hash.in_(hashes))))
    for each, kind in hashes.items():
        if each not in known:
            session.add(StopListEntry(hash=each, kind=kind, reason=reason[:300], added_at=now, added_by=actor_id))
    session.flush()
    subject = f"customers.customer:{customer.id}"
    audit.record(session, action="customers.stop_list.added", subject=subject, actor_id=actor_id, now=now)
    return len(hashes.keys() - known)


def write_again(session: Session, customer: Customer, *, actor_id: int | None, now: datetime) -> None:
    """Take his addresses off the stop list: he has asked for it."""
    session.execute(delete(StopListEntry).where(StopListEntry.hash.in_(_hashes_of(session, customer))))
    subject = f"customers.customer:{customer.id}"
    audit.record(session, action="customers.stop_list.removed", subject=subject, actor_id=actor_id, now=now)


def is_stopped(session: Session, customer: Customer) -> bool:
    """Whether one of his addresses is on the stop list."""
    hashes = _hashes_of(session, customer)
    statement = select(StopListEntry.hash).where(StopListEntry.hash.in_(hashes)).limit(1)
    return bool(hashes) and session.scalar(statement) is not None


def _hashes_of(session: Session, customer: Customer) -> dict[str, StopKind]:
    phones = session.scalars(select(CustomerPhone.number).where(CustomerPhone.customer_id == customer.id))
    emails = session.scalars(select(CustomerEmail.address).where(CustomerEmail.customer_id == customer.id))
    found = {stop_hash(StopKind.PHONE, number): StopKind.PHONE for number in phones}
    return found | {stop_hash(StopKind.EMAIL, address): StopKind.EMAIL for address in emails}


def give_data_consent(session: Session, customer: Customer, *, actor_id: int | None, now: datetime) -> None:
    """The separate consent to processing of personal data is signed on paper; a second one changes nothing."""
    if has_consent(session, customer.id, ConsentKind.PERSONAL_DATA, now=now):
        customer.data_basis = DataBasis.CONSENT
        return
    give_consent(session, customer, GivenConsent(ConsentKind.PERSONAL_DATA), actor_id=actor_id, now=now)


def agree_to_advertising(
    session: Session, customer: Customer, channels: Sequence[str], *, actor_id: int | None, now: datetime
) -> None:
    """The channels that he ticked on the sheet; those that he agreed to before stay."""
    agreed = [
        channel
        for channel in map(ConsentChannel, channels)
        if not has_consent(session, customer.id, ConsentKind.ADVERTISING, channel=channel, now=now)
    ]
    if agreed:
        given = GivenConsent(ConsentKind.ADVERTISING, agreed)
        give_consent(session, customer, given, actor_id=actor_id, now=now)


def decline_advertising(session: Session, customer: Customer, *, actor_id: int | None, now: datetime) -> None:
    """He said that he wants none: what he had agreed to ends."""
    withdraw_consents(session, customer, ConsentKind.ADVERTISING, way=WithdrawalWay.SPOKEN, actor_id=actor_id, now=now)
    customer.advertising = Answer.NO


def may_be_offered_by_phone(session: Session, customer: Customer, *, now: datetime) -> bool:
    """Whether we may call him with an offer: he has agreed to calls, and we can prove it."""
    return has_consent(session, customer.id, ConsentKind.ADVERTISING, channel=ConsentChannel.CALL, now=now)


def _text_of(session: Session, given: GivenConsent) -> ConsentText | None:
    if given.text_id is None:
        return find_text(session, given.kind)
    text = session.get(ConsentText, given.text_id)
    if text is None or text.kind is not given.kind:
        raise RuleViolation("consent_text_unknown", f"There is no text {given.text_id} of this consent.")
    return text


def _channels_on_file(session: Session, customer_id: int, given: GivenConsent, now: datetime) -> set[str]:
    """Channels whose consent holds at least as long as the one that is given."""
    lasting: ColumnElement[bool] = Consent.valid_to.is_(None)
    if given.valid_to is not None:
        lasting = lasting | (Consent.valid_to >= given.valid_to)
    statement = select(Consent.channel).where(
        Consent.customer_id == customer_id, Consent.kind == given.kind, is_active(now), lasting
    )
    return set(session.scalars(statement))


def _note(
    session: Session,
    customer: Customer,
    subject: str,
    kind: ConsentKind,
    channels: Sequence[str],
    way: ConsentWay | WithdrawalWay,
    comment: str,
    actor_id: int | None,
    now: datetime,
) -> None:
    """What happened stands in the chronicle, where everybody looks, and in the record of acts."""
    add_interaction(
        session,
        customer_id=customer.id,
        channel=InteractionChannel.NOTE,
        direction=Direction.INTERNAL,
        subject=f"{subject}.{kind}",
        comment=comment,
        at=now,
        employee_id=actor_id,
    )
    session.flush()
    audit.record(
        session,
        action=f"customers.{subject}",
        subject=f"customers.customer:{customer.id}",
        actor_id=actor_id,
        now=now,
        kind=kind.value,
        channels=list(filter(None, channels)),
        way=way.value,
    )
