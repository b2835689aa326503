"""The campaigns slice: segments of the base, campaigns as processes, plan against fact."""

from flask_babel import lazy_gettext as _l

from webapp.campaigns import segment_views, views
from webapp.core.feature import Feature, NavItem, Permission

CAMPAIGNS = Feature(
    name="campaigns",
    blueprints=(segment_views.bp, views.bp),
    permissions=(
        Permission("campaigns.see", _l("See campaigns and segments")),
        Permission("campaigns.change", _l("Work on campaigns and segments")),
        Permission("campaigns.approve", _l("Decide about campaigns")),
    ),
    navigation=(
        NavItem(
            _l("Campaigns"), "campaigns.list_campaigns", "campaigns.see", position=40, icon="speakerphone", key="m"
        ),
    ),
)
