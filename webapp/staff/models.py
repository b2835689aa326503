"""Tables of the staff slice: centres, people, what they may do and when they are away."""

from datetime import datetime, timedelta

from flask_security import UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.persistence import Base
from webapp.core.permissions import ScopeKind


class Centre(Base):
    """A dealer centre: the scope of rights, of cases and of working calendars."""

    __tablename__ = "centre"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    city: Mapped[str] = mapped_column(String(120), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")  # E.164
    time_zone: Mapped[str] = mapped_column(String(60), default="Europe/Moscow")
    active: Mapped[bool] = mapped_column(default=True)
    # what stands at the head of papers
    legal_name: Mapped[str] = mapped_column(String(200), default="")
    tax_number: Mapped[str] = mapped_column(String(12), default="")  # INN
    address: Mapped[str] = mapped_column(String(300), default="")
    site: Mapped[str] = mapped_column(String(120), default="")
    logo: Mapped[str] = mapped_column(Text, default="", deferred=True)  # a picture as a data: address; large


def kind_of(scope: str | None) -> ScopeKind | None:
    """The scope by its stored name; None when the right is taken away."""
    return ScopeKind[scope.upper()] if scope else None


class RoleGrant(Base):
    """A role that a person holds in one centre; without a centre he holds it in all of them."""

    __tablename__ = "role_grant"
    __table_args__ = (UniqueConstraint("user_id", "role", "centre_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(60), index=True)
    centre_id: Mapped[int | None] = mapped_column(ForeignKey("centre.id"), index=True)

    @property
    def name(self) -> str:
        """What Flask-Security calls a role's name."""
        return self.role

    def get_permissions(self) -> set[str]:
        """Flask-Security asks for them; ours depend on the centre, see `rights`."""
        return set()


class PermissionOverride(Base):
    """One right that a person has, or has not, whatever his roles say. `scope` empty: taken away."""

    __tablename__ = "permission_override"
    __table_args__ = (UniqueConstraint("user_id", "permission"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    permission: Mapped[str] = mapped_column(String(80))
    scope: Mapped[str | None] = mapped_column(String(10))  # name of a ScopeKind, lower case

    @property
    def kind(self) -> ScopeKind | None:
        """On whose rows the right holds; None when it is taken away."""
        return kind_of(self.scope)


class User(Base, UserMixin):  # type: ignore[misc]  # Flask-Security is untyped
    """A person who signs in. The head leads his team: to him escalations go."""

    __tablename__ = "user_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)  # normalised, lower case
    name: Mapped[str] = mapped_column(String(120))
    password: Mapped[str | None] = mapped_column(String(255))  # argon2; empty until the first password is set
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)  # a new one ends every session
    position: Mapped[str] = mapped_column(String(120), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")  # E.164
    head_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    language: Mapped[str | None] = mapped_column(String(5))
    time_zone: Mapped[str | None] = mapped_column(String(60))
    theme: Mapped[str | None] = mapped_column(String(5))
    failed_sign_ins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    last_sign_in_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    grants: Mapped[list[RoleGrant]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by=(RoleGrant.role, RoleGrant.centre_id)
    )
    overrides: Mapped[list[PermissionOverride]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by=PermissionOverride.permission
    )

    @property
    def roles(self) -> list[RoleGrant]:
        """Flask-Security's name for them."""
        return self.grants

    def is_locked(self, now: datetime) -> bool:
        return self.locked_until is not None and self.locked_until > now

    def note_failure(self, *, locks_at: int, until: datetime) -> None:
        """Count a wrong password; from the given number on the account waits."""
        self.failed_sign_ins += 1
        if self.failed_sign_ins >= locks_at:
            self.failed_sign_ins, self.locked_until = 0, until

    def note_success(self, *, now: datetime) -> None:
        self.failed_sign_ins, self.locked_until, self.last_sign_in_at = 0, None, now


class Absence(Base):
    """Somebody is away from the first moment until before the second; the deputy serves his tasks."""

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="starts_before_it_ends"),
        Index("ix_absence_deputy_ends", "deputy_id", "ends_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]

    user: Mapped[User] = relationship(foreign_keys=[user_id], lazy="joined")
    deputy: Mapped[User | None] = relationship(foreign_keys=[deputy_id], lazy="joined")

    @property
    def last_moment(self) -> datetime:
        """Within its last day: what is shown as "until"."""
        return self.ends_at - timedelta(seconds=1)
