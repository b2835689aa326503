"""The page of the texts that people agree to: versions are added, and none is ever changed."""

from itertools import groupby

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from webapp.core.clock import now
from webapp.core.database import session
from webapp.core.engine_errors import explain
from webapp.core.errors import DomainError
from webapp.core.forms import Form, read_form
from webapp.core.permissions import actor_id, require
from webapp.customers import consent_labels, consents
from webapp.customers.consent_forms import TextForm
from webapp.customers.models import ConsentKind

WRITE = "customers.change_texts"

Page = str | Response | tuple[str, int]

bp = Blueprint("consent_texts", __name__, url_prefix="/customers/consent-texts", template_folder="templates")


@bp.get("")
@require(WRITE)
def show_texts() -> str:
    versions = consents.list_texts(session(), with_authors=True)
    by_kind = {kind: list(found) for kind, found in groupby(versions, key=lambda text: text.kind)}
    return render_template(
        "customers/consent_texts.html",
        kinds=[(kind, by_kind.get(kind, [])) for kind in ConsentKind],
        used=consents.count_by_text(session()),
        labels=consent_labels,
    )


@bp.get("/new")
@require(WRITE)
def show_new_text() -> str:
    """Starts from the version in force, so that only what changes is written."""
    wanted = request.args.get("kind", "")
    kind = ConsentKind(wanted) if wanted in set(ConsentKind) else ConsentKind.PERSONAL_DATA
    newest = consents.find_text(session(), kind)
    values = {"kind": kind.value}
    if newest is not None:
        values |= {"text_ru": newest.text_ru, "text_en": newest.text_en}
    return _page(Form(values=values), kind)


@bp.post("/new")
@require(WRITE)
def add_text() -> Page:
    form = read_form(TextForm())
    wanted = request.form.get("kind", "")
    kind = ConsentKind(wanted) if wanted in set(ConsentKind) else ConsentKind.PERSONAL_DATA
    if form.ok:
        try:
            added = consents.add_text(
                session(),
                kind,
                text_en=form.data["text_en"],
                text_ru=form.data["text_ru"],
                actor_id=actor_id(),
                now=now(),
            )
        except DomainError as refusal:
            form.refuse("text_ru", explain(refusal))
            session().rollback()
        else:
            flash(_("Version %(version)s is in force. Consents so far keep theirs.", version=added.version), "success")
            return redirect(url_for("consent_texts.show_texts"), 303)
    return _page(form, kind), 422


def _page(form: Form, kind: ConsentKind) -> str:
    return render_template("customers/consent_text.html", form=form, kind=kind, labels=consent_labels)
