"""The words of every page that holds a draft: saving, turns, the count of problems."""

from collections.abc import Mapping

from webapp.core.feature import Text
from webapp.studio.panel.texts import TEXTS

SHARED = """
    saving saved unsaved offline heldBy heldByYou heldHint takenBy changedBy gone takeOver reload keepMine
    unfit lostPart lostAttribute lostReference lostField takeFile
    noProblems errors warnings problemsElsewhere nothingWrong
    choose none add remove open yes no optional unknown
"""
STRIP: Mapping[str, Text] = {name: TEXTS[name] for name in SHARED.split()}
