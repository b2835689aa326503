"""The admin slice: what the person who runs the system does."""

from datetime import timedelta

from flask_babel import lazy_gettext as _l

from webapp.admin import audit_cli, cli, history_cli, metrics, retention, sealing, views
from webapp.core.feature import Feature, Job, NavGroup, NavItem, Permission

ADMIN = Feature(
    name="admin",
    blueprints=(views.bp,),
    permissions=(Permission("admin.see", _l("See the state of the system")),),
    navigation=(
        NavItem(
            _l("State of the system"),
            "admin.show_system",
            "admin.see",
            position=90,
            icon="stethoscope",
            group=NavGroup.SETUP,
        ),
    ),
    jobs=(
        Job("seals", timedelta(minutes=5), sealing.seal_regularly),
        Job("old details", timedelta(hours=24), retention.tidy_up),
    ),
    setup=metrics.count_requests,
    commands=(
        cli.backup_command,
        cli.restore_command,
        cli.upgrade_command,
        cli.verify_command,
        cli.health_command,
        audit_cli.commands,
        history_cli.commands,
    ),
    refusals={
        "backup_exists": _l("There is a file %(path)s already. Name another one."),
        "backup_damaged": _l("The database is damaged: its copy does not pass the check. Run `marshrut verify`."),
        "backup_tools_missing": _l("%(tool)s is needed for that and is not installed: install postgresql-client."),
        "backup_dump_failed": _l("%(tool)s has failed: %(reason)s"),
        "backup_unreadable": _l(
            "This file is no whole backup: it is damaged, cut short, or something else (%(reason)s)."
        ),
        "backup_format": _l("This backup was made by another version of Marshrut and cannot be read by this one."),
        "backup_newer": _l(
            "This backup of %(made_at)s is of a newer version of Marshrut (%(revision)s). Install that version first."
        ),
        "backup_other_database": _l(
            "This backup is of %(made)s, and this installation is set to %(here)s. Set MARSHRUT_DATABASE_URL to match."
        ),
        "restore_not_empty": _l(
            "There are data in this database already. Name an empty one in MARSHRUT_DATABASE_URL; "
            "an SQLite file is moved aside with --replace."
        ),
        "restore_running": _l("Marshrut works with this database at the moment. Stop it first."),
    },
)
