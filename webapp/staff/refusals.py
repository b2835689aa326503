"""What the staff slice's refusals say, by code."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from webapp.core.feature import Text

REFUSALS: Mapping[str, Text] = {
    "person_unknown": _l("There is no such person, or he is not in your reach."),
    "centre_unknown": _l("There is no such centre."),
    "centre_name_taken": _l("A centre is called %(name)s already."),
    "logo_unfit": _l("The logo must be a PNG or JPEG picture of at most %(kilobytes)s KB."),
    "role_unknown": _l("There is no such role."),
    "role_held": _l("This person has the role there already."),
    "role_beyond_own": _l("You can give only roles whose rights you have yourself, in centres you run."),
    "email_invalid": _l("This is no e-mail address."),
    "email_taken": _l("Somebody signs in with %(email)s already."),
    "phone_unreadable": _l("This is no phone number."),
    "head_unknown": _l("Choose a colleague from the list."),
    "head_in_circle": _l("A person cannot be led by somebody below him."),
    "already_set_up": _l("The system is set up already."),
    "last_administrator": _l("Somebody must remain who administers all centres."),
    "block_oneself": _l("You cannot block yourself."),
    "password_length": _l("Use between %(shortest)s and %(longest)s characters."),
    "password_easy": _l("This is too easy to guess."),
    "absence_times": _l("The absence is over already, or ends before it begins."),
    "absence_overlaps": _l("The person is away at that time already."),
    "absence_unknown": _l("There is no such absence."),
    "deputy_oneself": _l("Nobody can stand in for himself."),
    "deputy_blocked": _l("This person is blocked and cannot stand in."),
    "demo_role_empty": _l("Nobody holds this role in the demo."),
}
