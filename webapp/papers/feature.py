"""The papers slice: what slices print of their cases, numbered and kept as it was."""

from flask_babel import lazy_gettext as _l

from webapp.core.feature import Feature
from webapp.papers import views
from webapp.papers.shipping import ship_templates

PAPERS = Feature(
    name="papers",
    blueprints=(views.bp,),
    reference=ship_templates,
    refusals={
        "paper_unknown": _l("This paper does not exist, or it is not visible to you."),
        "paper_incomplete": "%(sentence)s",
        "paper_never_blank": _l("This paper is not printed empty."),
        "paper_foreign_content": _l(
            "The template of this paper asks for a file from outside: %(address)s. Take it out."
        ),
        "printing_unavailable": _l(
            "Printing is not set up on this server. Ask the administrator to install the packages that "
            "docs/guides/installing.md names under printing."
        ),
    },
)
