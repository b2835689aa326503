"""The words of the script that draws tables, by the names it knows them by."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from webapp.core.feature import Text
from webapp.studio.strip import STRIP

TEXTS: Mapping[str, Text] = {
    **STRIP,
    "graph": _l("What needs what"),
    # trying out
    "decisionTried": _l("What is decided"),
    "noDecision": _l("There is nothing to try yet: draw a decision with a table."),
    "noInputs": _l("This decision needs nothing."),
    "otherValue": _l("other value …"),
    "answer": _l("The answer"),
    "noAnswer": _l("no answer"),
    "rule": _l("Rule {n}"),
    "unread": _l("This is no value of its type."),
    "before": _l("Worked out on the way"),
    # saved tests
    "tests": _l("Saved tests"),
    "testName": _l("What does it show?"),
    "expected": _l("Expected: {name}"),
    "saveTest": _l("Keep the test"),
    "cancel": _l("Leave it"),
    "runAll": _l("Run all"),
    "noTests": _l("No tests yet. Fill in the inputs, look at the answer and keep both: publishing will check it."),
    "removeTest": _l("Remove the test {name}"),
    "passes": _l("passes"),
    "differs": _l("differs"),
    "refused": _l("This could not be saved. Try again."),
    # names and words for the chronicle
    "names": _l("What the decision is called"),
    "english": _l("English"),
    "russian": _l("Russian"),
    "ruleWords": _l("Rule {n} in words"),
    "ruleWordsHint": _l("The chronicle tells the rule so. Without words it shows the answer."),
    "noRule": _l("Choose a cell: here stand the words in which the chronicle tells its rule."),
    "addRule": _l("Add a rule"),
    "columnOf": _l("rule {n}, “{column}”"),
    "ruleOf": _l("rule {n}"),
}
