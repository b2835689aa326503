"""What papers say of the dealer and of the people who sign for him."""

from collections.abc import Mapping

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from webapp.core.formats import format_phone
from webapp.kit.declension import short_name
from webapp.staff.models import Centre, User


def centre_block(session: Session, centre_id: int | None) -> Mapping[str, object]:
    """The dealer at the head of a paper: name, logo, and lines with his requisites."""
    centre = session.get(Centre, centre_id) if centre_id else None
    if centre is None:
        return {"name": _("Dealer centre"), "legal_name": "", "city": "", "lines": [], "logo": ""}
    place = centre.address or centre.city
    contacts = ", ".join(filter(None, (format_phone(centre.phone) if centre.phone else "", centre.site)))
    number = _("INN %(number)s", number=centre.tax_number) if centre.tax_number else ""
    lines = [", ".join(filter(None, (centre.legal_name, number))), place, contacts]
    return {
        "name": centre.name,
        "legal_name": centre.legal_name or centre.name,
        "city": centre.city,
        "lines": [line for line in lines if line],
        "logo": centre.logo,
    }


def employee_block(session: Session, user_id: int | None) -> Mapping[str, object]:
    """Somebody of ours: name, position, how to reach him, and his name as signatures are spelt out."""
    user = session.get(User, user_id) if user_id else None
    if user is None:
        return {"name": "", "position": "", "phone": "", "mail": "", "short": ""}
    words = user.name.split()
    # staff are entered as "Алина Лебедева"
    short = short_name(words[-1], words[0], "") if len(words) == 2 else user.name
    return {
        "name": user.name,
        "position": user.position,
        "phone": format_phone(user.phone) if user.phone else "",
        "mail": user.email,
        "short": short,
    }
