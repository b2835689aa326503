"""How the codes of the customers slice read on screen."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from babel.dates import format_date
from flask import Flask, current_app
from flask_babel import lazy_gettext as _l

from webapp.core.feature import Text
from webapp.core.i18n import current_language, current_zone
from webapp.customers.models import (
    Answer,
    CustomerKind,
    DataBasis,
    Direction,
    Interaction,
    InteractionChannel,
    LostReason,
    PreferredChannel,
    Sex,
)

KINDS: Mapping[CustomerKind, Text] = {
    CustomerKind.PERSON: _l("Private person"),
    CustomerKind.COMPANY: _l("Company"),
    CustomerKind.SOLE_TRADER: _l("Sole trader"),
}
LOST_REASONS: Mapping[LostReason, Text] = {
    LostReason.SOLD_CAR: _l("Has sold the car and left"),
    LostReason.MOVED: _l("Has moved away"),
    LostReason.REFUSES_CONTACT: _l("Refuses contact"),
    LostReason.DECEASED: _l("Has died"),
}
LOST_SUBJECTS: Mapping[str, Text] = {
    "marked_lost": _l("Marked as lost"),
    "not_lost": _l("Not lost after all"),
}
SEXES: Mapping[Sex, Text] = {Sex.MALE: _l("Male"), Sex.FEMALE: _l("Female"), Sex.UNKNOWN: _l("Unknown")}
PREFERRED_CHANNELS: Mapping[PreferredChannel, Text] = {
    PreferredChannel.CALL: _l("Call"),
    PreferredChannel.SMS: _l("SMS"),
    PreferredChannel.MESSENGER: _l("Messenger"),
    PreferredChannel.EMAIL: _l("Mail"),
}
DATA_BASES: Mapping[DataBasis, Text] = {
    DataBasis.REQUEST: _l("His own request"),
    DataBasis.CONSENT: _l("Written consent"),
}
ADVERTISING: Mapping[Answer, Text] = {
    Answer.YES: _l("Agreed"),
    Answer.NO: _l("Declined"),
    Answer.NOT_ASKED: _l("Not asked"),
}
DIRECTIONS: Mapping[Direction, Text] = {
    Direction.OUT: _l("We to them"),
    Direction.IN: _l("They to us"),
    Direction.INTERNAL: _l("Among ourselves"),
}
CHANNELS: Mapping[InteractionChannel, Text] = {
    InteractionChannel.CALL: _l("Call"),
    InteractionChannel.VISIT: _l("Visit"),
    InteractionChannel.EMAIL: _l("Mail"),
    InteractionChannel.SMS: _l("SMS"),
    InteractionChannel.MESSENGER: _l("Messenger"),
    InteractionChannel.WEB: _l("Web form"),
    InteractionChannel.CHAT: _l("Chat"),
    InteractionChannel.EVENT: _l("Event"),
    InteractionChannel.NOTE: _l("Note"),
}
CHRONICLE_TITLES: Mapping[str, Text] = {
    "calls": _l("Calls"),
    "visits": _l("Visits"),
    "messages": _l("Messages"),
    "notes": _l("Notes"),
}
CHANNEL_ICONS: Mapping[InteractionChannel, str] = {
    InteractionChannel.VISIT: "door-enter",
    InteractionChannel.EMAIL: "mail",
    InteractionChannel.SMS: "message",
    InteractionChannel.MESSENGER: "message",
    InteractionChannel.WEB: "world",
    InteractionChannel.CHAT: "message",
    InteractionChannel.EVENT: "ticket",
    InteractionChannel.NOTE: "notes",
}


def channel_icon(channel: InteractionChannel, direction: Direction) -> str:
    """The sign beside a row of the chronicle; calls show their direction."""
    if channel is InteractionChannel.CALL:
        return "phone-incoming" if direction is Direction.IN else "phone-outgoing"
    return CHANNEL_ICONS[channel]


def register_chronicle(app: Flask, *, subjects: Mapping[str, Text], results: Mapping[Any, Text]) -> None:
    """Called by the slices above: how the codes read that they write into the chronicle.

    Two slices may write the same code and mean different things: a result is told in the words of its subject's slice.
    """
    app.extensions.setdefault("chronicle_subjects", {}).update(subjects)
    told = {str(code): text for code, text in results.items()}
    app.extensions.setdefault("chronicle_results", {}).update(told)
    app.extensions.setdefault("chronicle_results_of", {}).update(dict.fromkeys(subjects, told))


def subject_text(subject: str) -> str:
    """The heading of a row: the text of its code, or what a person wrote."""
    known: Mapping[str, Text] = current_app.extensions.get("chronicle_subjects", {})
    return str(known.get(subject, subject))


def result_text(subject: str, result: str) -> str:
    """What came of the contact; nothing for a code without a text."""
    own: Mapping[str, Text] = current_app.extensions.get("chronicle_results_of", {}).get(subject, {})
    known: Mapping[str, Text] = current_app.extensions.get("chronicle_results", {})
    return str(own.get(result) or known.get(result, ""))


def by_month(rows: Sequence[Interaction]) -> list[tuple[str, list[Interaction]]]:
    """Rows of the chronicle under their months, in their order: «Ноябрь 2026», "November 2026"."""
    zone, locale = current_zone(), current_language()
    months = groupby(rows, key=lambda row: format_date(row.at.astimezone(zone), "LLLL yyyy", locale=locale))
    return [(title[:1].upper() + title[1:], list(found)) for title, found in months]
