"""The routes of the staff slice. The record of a staff card is the person."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from tests.webapp.routes import Route, public, signed_in
from tests.webapp.staff.factories import make_absence, make_centre
from webapp.core.permissions import PUBLIC, ScopeKind
from webapp.staff.models import Centre, User

# changing people is a matter of those who run a centre, or all of them
HEADS = (ScopeKind.CENTRE, ScopeKind.GROUP)


def person(session: Session, owner: User, centre: Centre) -> Mapping[str, object]:
    return {"user_id": owner.id}


def grant(session: Session, owner: User, centre: Centre) -> Mapping[str, object]:
    return {"user_id": owner.id, "grant_id": owner.grants[0].id}


def absence(session: Session, owner: User, centre: Centre) -> Mapping[str, object]:
    return {"user_id": owner.id, "absence_id": make_absence(session, owner).id}


def any_centre(session: Session, owner: User, centre: Centre) -> Mapping[str, object]:
    return {"centre_id": make_centre(session).id}


ROUTES: dict[str, Route] = {
    "staff.show_home": signed_in(),
    "staff.show_sign_in": public(),
    "staff.sign_in": public(),
    "staff.sign_in_as_role": public(),
    "staff.sign_out": signed_in(),
    "staff.show_set_up": public(),
    "staff.set_up": public(),
    "staff.show_forgotten": public(),
    "staff.send_reset_link": public(),
    "staff.show_new_password": Route(PUBLIC, arguments={"token": "none"}),
    "staff.set_new_password": Route(PUBLIC, arguments={"token": "none"}),
    "staff.show_profile": signed_in(),
    "staff.change_profile": signed_in(),
    "staff.change_own_password": signed_in(),
    "staff.add_own_absence": signed_in(),
    "staff.end_own_absence": signed_in(absence_id=0),
    "staff.show_people": Route("staff.see"),
    "staff.show_new_person": Route("staff.add"),
    "staff.add_person": Route("staff.add"),
    "staff.show_person": Route("staff.see", person),
    "staff.change_person": Route("staff.change", person, scopes=HEADS),
    "staff.grant_role": Route("staff.change", person, scopes=HEADS),
    "staff.revoke_role": Route("staff.change", grant, scopes=HEADS),
    "staff.set_exception": Route("staff.change", person, scopes=(ScopeKind.GROUP,)),
    "staff.block_person": Route("staff.change", person, scopes=HEADS),
    "staff.unblock_person": Route("staff.change", person, scopes=HEADS),
    "staff.invite_person": Route("staff.change", person, scopes=HEADS),
    "staff.add_absence": Route("staff.change", person, scopes=HEADS),
    "staff.end_absence": Route("staff.change", absence, scopes=HEADS),
    "staff.show_centres": Route("staff.change_centres"),
    "staff.show_new_centre": Route("staff.change_centres"),
    "staff.add_centre": Route("staff.change_centres"),
    "staff.show_centre": Route("staff.change_centres", any_centre, scopes=(ScopeKind.GROUP,)),
    "staff.change_centre": Route("staff.change_centres", any_centre, scopes=(ScopeKind.GROUP,)),
}
