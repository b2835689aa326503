"""create_app(): the composition root. Read this file first."""

from collections.abc import Mapping, Sequence

from flask import Flask

from engine.clock import Clock
from webapp.core import (
    assets,
    board,
    choices,
    clock,
    config,
    database,
    engine_errors,
    error_pages,
    i18n,
    live,
    navigation,
    page,
    panels,
    papers,
    permissions,
    preferences,
    rate_limits,
    reference,
    request_log,
    scheduler,
    search,
    session,
    workflow,
)
from webapp.core.events import subscribe
from webapp.core.feature import Feature
from webapp.features import FEATURES
from webapp.integrations import beats
from webapp.kit import files
from webapp.staff.directory import StaffDirectory


def create_app(
    overrides: Mapping[str, object] | None = None,
    features: Sequence[Feature] = FEATURES,
    *,
    application_clock: Clock | None = None,
) -> Flask:
    """The application with these features. Lower-case overrides are settings, upper-case ones Flask's."""
    app = Flask(__name__)
    config.init_app(app, overrides or {})
    clock.init_app(app, application_clock)
    database.init_app(app)
    request_log.init_app(app)
    session.init_app(app)
    rate_limits.init_app(app)
    i18n.init_app(app, [feature.name for feature in features])
    assets.init_app(app)
    page.init_app(app)
    error_pages.init_app(app)
    app.register_blueprint(preferences.bp)
    app.register_blueprint(search.bp)
    for feature in features:
        plug_in(app, feature)
    workflow.install(app, features, StaffDirectory, files.find_file)
    scheduler.register(app, beats.BEATS)
    permissions.check_routes(app)
    return app


def plug_in(app: Flask, feature: Feature) -> None:
    """Register everything that a feature declares."""
    permissions.register(app, feature.permissions)
    engine_errors.register(app, feature.refusals)
    navigation.register(app, feature)
    scheduler.register(app, feature.jobs)
    search.register(app, feature.search)
    workflow.register_case_labels(app, feature.case_labels)
    workflow.register_case_finders(app, feature.case_finders)
    workflow.register_case_facts(app, feature.case_facts)
    workflow.register_case_values(app, feature.case_values)
    workflow.register_case_objects(app, feature.case_objects)
    workflow.register_case_money(app, feature.case_money)
    workflow.register_dimensions(app, feature.dimensions)
    if feature.operations:
        workflow.register_operations(app, feature.operations)
    for event_type, listener in feature.listeners:
        subscribe(app, event_type, listener)
    choices.register(app, feature.choices)
    board.register(app, feature.problems, feature.expiring)
    papers.register(app, feature.papers)
    panels.register(app, feature.panels)
    live.register(app, feature.live_topics)
    if feature.reference:
        reference.register(app, feature.reference)
    if feature.setup:
        feature.setup(app)
    for blueprint in feature.blueprints:
        app.register_blueprint(blueprint)
