"""Two languages: which one a person reads, where translations lie, and the filters of the templates.

msgid = English. `webapp/translations` holds the layout's and the core's texts,
`webapp/<slice>/translations` those of a slice.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from gettext import NullTranslations
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, g, has_app_context, has_request_context, request
from flask_babel import Babel, force_locale, get_translations

from webapp.core import formats
from webapp.core.clock import now
from webapp.core.config import settings
from webapp.core.permissions import current_identity

LANGUAGES = {"en": "English", "ru": "Русский"}
COOKIE = "language"
CATALOG = "catalog"  # on flask.g
WEBAPP = Path(__file__).parent.parent

babel = Babel()


def init_app(app: Flask, slices: Iterable[str]) -> None:
    directories = [WEBAPP / "translations", *(WEBAPP / name / "translations" for name in slices)]
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = ";".join(str(each) for each in directories if each.is_dir())
    babel.init_app(app, locale_selector=current_language)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # of the extension jinja2.ext.i18n
        gettext=lambda text: _catalog().gettext(text),
        ngettext=lambda one, many, number: _catalog().ngettext(one, many, number),
        newstyle=True,
        pgettext=lambda context, text: _catalog().pgettext(context, text),
        npgettext=lambda context, one, many, number: _catalog().npgettext(context, one, many, number),
    )
    for name, template_filter in FILTERS.items():
        app.add_template_filter(template_filter, name)
    app.jinja_env.globals.update(LANGUAGES=LANGUAGES, current_language=current_language)


def current_language() -> str:
    """What the person chose, else the cookie, else the browser's wish, else the setting."""
    if not has_request_context():
        return settings().default_language
    identity = current_identity()
    chosen = identity.language if identity else None
    if chosen in LANGUAGES:
        return str(chosen)
    if "browsers_language" not in g:  # a page asks a hundred times
        g.browsers_language = _browsers_language()
    return str(g.browsers_language)


def _browsers_language() -> str:
    kept = request.cookies.get(COOKIE, "")
    return kept if kept in LANGUAGES else request.accept_languages.best_match(LANGUAGES, settings().default_language)


def current_zone() -> ZoneInfo:
    """The zone in which this person reads times."""
    identity = current_identity()
    name = identity.time_zone if identity else None
    return ZoneInfo(name or settings().time_zone)


def local_now() -> datetime:
    """The present moment in this person's zone: its date is his today."""
    return now().astimezone(current_zone())


def is_time_zone(name: str) -> bool:
    return name in available_timezones()


@contextmanager
def say_in(language: str) -> Iterator[None]:
    """Within this block texts are translated for somebody else, e.g. the reader of a mail."""
    with force_locale(language):
        if not has_app_context():
            yield
            return
        before = g.pop(CATALOG, None)
        try:
            yield
        finally:
            g.pop(CATALOG, None)
            if before is not None:
                setattr(g, CATALOG, before)


def _catalog() -> NullTranslations:
    """The texts of the present language, for templates: a page asks for hundreds, the library looks for them anew."""
    if CATALOG not in g:
        setattr(g, CATALOG, get_translations())
    found: NullTranslations = getattr(g, CATALOG)
    return found


def compile_catalogs(root: Path = WEBAPP) -> list[Path]:
    """Write every .mo that is older than its .po; returns those written."""
    written = []
    for source in sorted(root.glob("**/translations/*/LC_MESSAGES/messages.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalog = read_po(file, locale=source.parent.parent.name, abort_invalid=True)
        # another process may be reading, or writing the same
        partial = target.with_suffix(f".mo.{os.getpid()}.partial")
        with partial.open("wb") as file:
            write_mo(file, catalog)
        partial.replace(target)
        written.append(target)
    return written


def _day(value: date | datetime | None, form: str) -> str:
    return formats.format_day(value, current_language(), current_zone(), form) if value else formats.DASH


def _date(value: date | datetime | None) -> str:
    return _day(value, "date")


def _short_day(value: date | datetime | None) -> str:
    return _day(value, "day")


def _day_month(value: date | datetime | None) -> str:
    return _day(value, "day_month")


def _long_day(value: date | datetime | None) -> str:
    return _day(value, "long_day")


def _time(value: datetime | None) -> str:
    return formats.format_time(value, current_zone()) if value else formats.DASH


def _moment(value: datetime | None) -> str:
    return formats.format_moment(value, current_language(), current_zone()) if value else formats.DASH


def _when(value: datetime | None) -> str:
    return formats.format_when(value, now(), current_language(), current_zone()) if value else formats.DASH


def _relative(value: datetime | None) -> str:
    return formats.format_relative(value, now(), current_language()) if value else formats.DASH


def _duration(value: timedelta | None) -> str:
    return formats.format_duration(value, current_language()) if value is not None else formats.DASH


def _lateness(value: timedelta) -> str:
    return formats.format_lateness(value, current_language())


def _money(value: Decimal | int | None, currency: str = "RUB") -> str:
    return formats.format_money(value, current_language(), currency) if value is not None else formats.DASH


def _number(value: Decimal | int | float | None, places: int | None = None) -> str:
    return formats.format_number(value, current_language(), places) if value is not None else formats.DASH


def _quantity(value: Decimal | None) -> str:
    return formats.format_quantity(value, current_language()) if value is not None else formats.DASH


def _phone(value: str | None) -> str:
    return formats.format_phone(value) if value else formats.DASH


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split()[:2]).upper()


FILTERS: dict[str, Callable[..., str]] = {
    "date": _date,
    "day": _short_day,
    "day_month": _day_month,
    "long_day": _long_day,
    "time": _time,
    "moment": _moment,
    "when": _when,
    "relative": _relative,
    "duration": _duration,
    "lateness": _lateness,
    "money": _money,
    "number": _number,
    "quantity": _quantity,
    "phone": _phone,
    "initials": _initials,
}
