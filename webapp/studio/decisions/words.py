"""How the tests of a table went, in words."""

from flask_babel import gettext as _
from flask_babel import ngettext

from webapp.core.i18n import current_language
from webapp.studio.decisions import testing


def summary(report: testing.Report) -> str:
    """How the tests went, in one line; empty where there are none."""
    whole, failed = len(report.results), len(report.failed)
    if not whole:
        return ""
    if not failed:
        return str(ngettext("%(num)s test passes", "all %(num)s tests pass", whole))
    return str(_("%(failed)s of %(whole)s tests differ", failed=failed, whole=whole))


def told_of(result: testing.Result) -> str:
    """Why a test did not pass, in a sentence; empty where it did."""
    if result.gone:
        return str(_("The file has no such decision any more."))
    if result.unread:
        return str(_("Not a value of its type: %(names)s.", names=", ".join(result.unread)))
    if result.refusal:
        return result.refusal[current_language()]
    parts = []
    for name, (wanted, found) in result.differs.items():
        text = _("expected %(wanted)s, got %(found)s", wanted=wanted or "–", found=found or "–")
        parts.append(f"{name}: {text}" if name else str(text))
    return "; ".join(parts)
