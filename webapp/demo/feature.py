"""The demo slice: the dealer's history; signing in by role belongs to the staff slice."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from webapp.core.config import settings
from webapp.core.database import database
from webapp.core.feature import Companion, Feature
from webapp.demo.commands import demo
from webapp.demo.progress import get_progress, share
from webapp.demo.views import bp, find_growing


def _set_up(app: Flask) -> None:
    app.jinja_env.globals.update(growing_demo=find_growing, demo_share=share)


def _is_wanted() -> bool:
    """Is there history left to play?"""
    if not settings().demo:
        return False
    with database().read() as session:
        progress = get_progress(session)
    return progress is not None and (share(progress) < 1 or settings().demo_percent / 100 > progress.scale)


DEMO = Feature(
    name="demo",
    blueprints=(bp,),
    commands=(demo,),
    refusals={"demo_absent": _l("This is no demo installation.")},
    topbar=("demo/progress.html",),
    setup=_set_up,
    companions=(Companion(("demo", "--wait", "--gently"), _is_wanted),),
)
