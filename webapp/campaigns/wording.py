"""A rule in words, and what may be chosen in its criteria."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.campaigns.labels import LIFECYCLES
from webapp.campaigns.models import Campaign
from webapp.campaigns.rules.compiling import NO_CENTRE
from webapp.campaigns.rules.fields import FIELDS, OPERATOR_TITLES, Operator
from webapp.campaigns.rules.tree import Criterion, Group, Join, Node, Not
from webapp.core.formats import format_number
from webapp.customers.labels import CHANNELS, KINDS, SEXES
from webapp.customers.models import InteractionChannel
from webapp.customers.tags import known_tags
from webapp.inquiries.queries import list_sources
from webapp.staff.queries import find_centres
from webapp.vehicles.models import Brand
from webapp.vehicles.queries import list_models

Options = Mapping[str, Sequence[tuple[str, str]]]
CONSENT_CHANNELS = (
    InteractionChannel.EMAIL,
    InteractionChannel.SMS,
    InteractionChannel.MESSENGER,
    InteractionChannel.CALL,
)


def options(session: Session, language: str) -> Options:
    """Value and label of what may be chosen, by field."""
    campaigns = session.execute(select(Campaign.id, Campaign.name).order_by(Campaign.id.desc()).limit(100))
    return {
        "kind": [(code.value, str(text)) for code, text in KINDS.items()],
        "sex": [(code.value, str(text)) for code, text in SEXES.items()],
        "centre": [
            *((str(centre.id), centre.name) for centre in find_centres(session)),
            (NO_CENTRE, _("no home centre")),
        ],
        "brand": [(brand.code, brand.name) for brand in session.scalars(select(Brand).order_by(Brand.position))],
        "model": [(model.code, model.full_name) for model in list_models(session)],
        "bought_here": [("yes", _("From us")), ("no", _("Elsewhere"))],
        "lifecycle": [(code, str(text)) for code, text in LIFECYCLES.items()],
        "source": [(source.code, source.name_in(language)) for source in list_sources(session)],
        "campaign": [(str(number), name) for number, name in campaigns],
        "consent": [(channel.value, str(CHANNELS[channel])) for channel in CONSENT_CHANNELS],
        "tag": [(tag, tag) for tag in known_tags(session)],
    }


def describe(node: Node, known: Options, language: str) -> str:
    """The rule as a sentence for lists: «Age 30–45 years; Make of the car: Aurelia»."""
    if isinstance(node, Not):
        return str(_("except those with: %(rule)s", rule=describe(node.part, known, language)))
    if isinstance(node, Group):
        if not node.parts:
            return str(_("the whole base") if node.join is Join.ALL else _("nobody"))
        parts = [describe(part, known, language) for part in node.parts]
        between = "; " if node.join is Join.ALL else " {} ".format(_("or"))
        return between.join(parts)
    return _criterion(node, known, language)


def _criterion(asked: Criterion, known: Options, language: str) -> str:
    field = FIELDS[asked.field]
    title = str(field.title)
    if asked.op is Operator.NEVER:
        return str(_("%(field)s: never", field=title))
    if isinstance(asked.value, int):
        how = str(OPERATOR_TITLES[asked.op])
        return str(_("%(field)s: %(how)s %(days)s d.", field=title, how=how, days=asked.value))
    value = asked.value or ()
    if asked.op is Operator.BETWEEN:
        return f"{title}: {_range(value, str(field.unit), language)}"  # type: ignore[arg-type]
    names = dict(known.get(asked.field, ()))
    chosen = ", ".join(names.get(str(each), str(each)) for each in value)
    if asked.op is Operator.NOT_IN:
        return str(_("%(field)s: not %(chosen)s", field=title, chosen=chosen))
    return f"{title}: {chosen}"


def _range(ends: tuple[Decimal | None, Decimal | None], unit: str, language: str) -> str:
    lower, upper = (None if end is None else format_number(end, language) for end in ends)
    if upper is None:
        return str(_("from %(lower)s %(unit)s", lower=lower, unit=unit))
    if lower is None:
        return str(_("up to %(upper)s %(unit)s", upper=upper, unit=unit))
    return f"{lower}–{upper} {unit}"
