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
    reasons: Sequence[Text]  # what is touched and what that does, in sentences
    decides: bool
    others: Sequence[str]
    people: Mapping[int, str]
    withdraws: bool  # the reader has asked and may take that back


def second_look(session: Session, kernel: Kernel, together: Sequence[Draft]) -> SecondLook:
    """How the draft stands for the reader."""
    need = need_of(session, kernel, together, current_language())
    request, me = need.request, actor_id()
    involved = {request.asked_by, request.decided_by} - {None} if request is not None else set()
    people = names_of(session, {*need.may, *(each for each in involved if each is not None)})
    asked_by = request.asked_by if request is not None else None
    return SecondLook(
        need=need,
        reasons=[_reason(each) for each in need.touches],
        decides=need.pending and may(APPROVE) and me in need.may and me != asked_by,
        others=sorted(people[each] for each in need.may - {me, asked_by}),
        people=people,
        withdraws=need.pending and asked_by == me,
    )


def _reason(touch: Touch) -> Text:
    does = _effects(touch)
    if touch.what is What.STEP:
        return _("The step “%(name)s” is new or changed, and it %(does)s.", name=touch.name, does=does)
    if touch.what is What.FORM:
        return _("The form “%(name)s” is changed, and a step that asks it %(does)s.", name=touch.name, does=does)
    if touch.what is What.TABLE:
        return _("The table “%(name)s” is changed, and what asks it %(does)s.", name=touch.name, does=does)
    return _("Steps come in another order, under other conditions or at other times, and one %(does)s.", does=does)


def _effects(touch: Touch) -> str:
    *rest, last = (str(EFFECTS[each]) for each in Effect if each in touch.effects)
    return str(_("%(rest)s and %(last)s", rest=", ".join(rest), last=last)) if rest else last
