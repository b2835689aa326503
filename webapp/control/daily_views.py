"""The daily check: one person's cases, those that nobody has looked at today first."""

from flask import render_template, request

from webapp.control import queries
from webapp.control.reaching import bp, described, reach_of
from webapp.core import forms
from webapp.core.database import session
from webapp.core.permissions import require


@bp.get("/daily")
@require("control.change")
def show_daily() -> str:
    """Whose cases are looked at: the person of the address, else who has most of them unchecked."""
    reach = reach_of("control.change")
    counted = queries.count_checked(session(), reach)
    progress = {person: (done, whole) for person, done, whole in counted}
    asked = request.args.get("person", type=forms.number)
    most = min(progress, key=lambda person: progress[person][0] - progress[person][1], default=None)
    chosen = asked if asked in progress else most
    rows = queries.find_unchecked_first(session(), reach, chosen) if chosen is not None else []
    named = [
        *progress,
        *(row.person_id for row in rows),
        *(each for row in rows for each in row.circumstances.escalated_to),
    ]
    people = queries.find_people(session(), named, reach.now)
    return render_template(
        "control/daily.html",
        people=people,
        progress=sorted(progress.items(), key=lambda item: people[item[0]].name if item[0] in people else ""),
        chosen=chosen,
        done=sum(done for done, _ in progress.values()),
        whole=sum(whole for _, whole in progress.values()),
        rows=[described(row, people, reach.now) for row in rows],
        limit=queries.LIMIT,
        moment=reach.now,
    )
