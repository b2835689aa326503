"""What a replay differs in, and why a script is refused, in sentences."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engine.definitions.store import Definition
from engine.sandbox import Difference, describe_refusal
from engine.sandbox.cases import Aspect
from webapp.cases.labels import milestone_text, outcome_text
from webapp.core.feature import Text
from webapp.core.i18n import current_language
from webapp.core.operation_names import parameter_title
from webapp.studio.labels import element_title
from webapp.studio.testing.cases import Replayed

REFUSALS: Mapping[str, Text] = {
    "script_unreadable": _l("This is not a test run that can be read."),
    "script_version": _l("This test run was written by another version of the product."),
    "script_too_long": _l("This test run is too long."),
    "script_too_many_acts": _l("A test run has at most %(limit)s acts. Begin anew, or keep this one as it is."),
    "script_start_first": _l("A test run begins with the start, and has only one."),
    "script_unknown_act": _l("Act %(act)s of the test run is of no known kind."),
    "script_bad_act": _l("Act %(act)s of the test run cannot be read: too much was typed, or something is missing."),
    "test_case_unknown": _l("There is no such test case."),
    "test_case_empty": _l("Nothing was done yet: there is nothing to keep."),
    "test_cases_too_many": _l("A process has at most %(limit)s test cases. Delete some first."),
}


# what shipped processes read of their beginning; the rest are parameters of operations as well
STARTS: Mapping[str, Text] = {
    "answered": _l("Somebody has answered already"),
    "call_at": _l("When to call"),
    "called": _l("Somebody has called already"),
    "channel": _l("How he reached us"),
    "month_call_at": _l("When to call after a month"),
    "reminder": _l("It began with a reminder"),
    "survey_at": _l("When to ask for the survey"),
    "taken_by": _l("Who has taken it"),
    "thank_at": _l("When to thank"),
    "walk_in": _l("The customer is here already"),
}


def case_difference(replayed: Replayed, definition: Definition) -> str:
    """Why a kept case does not hold."""
    if replayed.unread:
        return str(_("It was written by another version of the product and cannot be replayed."))
    found = replayed.difference
    return str(_("It was not replayed: it would have taken too long.")) if found is None else told(found, definition)


def told(found: Difference, definition: Definition) -> str:
    """At which act, what was expected and what came."""
    expected, got = (_values(each, found, definition) for each in (found.expected, found.got))
    if found.refusal is not None:
        reason = describe_refusal(found.refusal, current_language())
        return str(_("Act %(act)s cannot be done any more. %(reason)s", act=found.act, reason=reason))
    sentences = {
        Aspect.REFUSED: _("Act %(act)s can be done now; it was to be refused.", act=found.act),
        Aspect.PASSED: _way(found, definition),
        Aspect.OPEN: _("Open at the end: expected %(expected)s, got %(got)s.", expected=expected, got=got),
        Aspect.AWAITED: _("Awaited at the end: expected %(expected)s, got %(got)s.", expected=expected, got=got),
        Aspect.OUTCOME: _("The outcome: expected %(expected)s, got %(got)s.", expected=expected, got=got),
        Aspect.MILESTONES: _("Milestones: expected %(expected)s, got %(got)s.", expected=expected, got=got),
    }
    return str(sentences[found.aspect])


def _way(found: Difference, definition: Definition) -> str:
    """Only what one of the two has and the other has not."""
    before = [name for name in found.expected if name not in found.got]
    after = [name for name in found.got if name not in found.expected]
    expected, got = (_elements(names, definition) for names in (before, after))
    return str(
        _(
            "Act %(act)s goes another way: expected %(expected)s, got %(got)s.",
            act=found.act,
            expected=expected,
            got=got,
        )
    )


def _values(names: tuple[str, ...], found: Difference, definition: Definition) -> str:
    if found.aspect is Aspect.OUTCOME:
        return ", ".join(map(outcome_text, names)) or "–"
    if found.aspect is Aspect.MILESTONES:
        return ", ".join(milestone_text(definition.model, name, current_language()) for name in names) or "–"
    return _elements(names, definition)


def _elements(names: tuple[str, ...] | list[str], definition: Definition) -> str:
    titles = []
    for name in names:
        found = definition.find(name.rpartition("/")[2])
        titles.append(f"“{element_title(found)}”" if found is not None else name)
    return ", ".join(titles) or "–"


def value_title(name: str) -> str:
    """What a process reads of its beginning, in the reader's words; what nobody has named is its name in words."""
    return str(STARTS[name]) if name in STARTS else parameter_title(name)
