"""What the page before a publication tells of the second look, in the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engine.kernel import Kernel
from engine.operations import Effect
from webapp.core.feature import Text
from webapp.core.i18n import current_language
from webapp.core.permissions import actor_id, may
from webapp.staff.queries import names_of
from webapp.studio.approval.services import APPROVE, Need, need_of
from webapp.studio.approval.touching import Touch, What
from webapp.studio.models import Draft

EFFECTS: Mapping[Effect, Text] = {
    Effect.SENDS: _l("writes to customers"),
    Effect.PAYS: _l("books money"),
    Effect.DISCOUNTS: _l("lowers prices"),
}


@dataclass(frozen=True)
class SecondLook:
    """`decides`: this reader may approve it now. `others`: names of those who may, beside him."""

    need: Need
    reasons: Sequence[tuple[Text, str]]  # what is touched, and what that does
    decides: bool
    others: Sequence[str]
    people: Mapping[int, str]


def second_look(session: Session, kernel: Kernel, together: Sequence[Draft]) -> SecondLook:
    """How the draft stands for the reader."""
    need = need_of(session, kernel, together, current_language())
    request, me = need.request, actor_id()
    involved = {request.asked_by, request.decided_by} - {None} if request is not None else set()
    people = names_of(session, {*need.may, *(each for each in involved if each is not None)})
    asked_by = request.asked_by if request is not None else None
    return SecondLook(
        need=need,
        reasons=[(_what(each), _effects(each)) for each in need.touches],
        decides=need.pending and may(APPROVE) and me in need.may and me != asked_by,
        others=sorted(people[each] for each in need.may - {me, asked_by}),
        people=people,
    )


def _what(touch: Touch) -> Text:
    if touch.what is What.STEP:
        return _("The step “%(name)s”", name=touch.name)
    if touch.what is What.FORM:
        return _("The form “%(name)s”", name=touch.name)
    if touch.what is What.TABLE:
        return _("The table “%(name)s”", name=touch.name)
    return _("The order of the steps, or when they come")


def _effects(touch: Touch) -> str:
    return ", ".join(str(EFFECTS[each]) for each in Effect if each in touch.effects)
