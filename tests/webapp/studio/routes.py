"""The routes of the studio: versions run in all centres, so only the whole group is a scope."""

from tests.webapp.routes import Route

KEY = {"key": "unknown"}
MOVE = {"migration_id": 0}

ROUTES: dict[str, Route] = {
    "studio.apply_migration": Route("studio.publish", arguments=MOVE),
    "studio.check_plan": Route("studio.publish", arguments=KEY),
    "studio.discard_migration": Route("studio.publish", arguments=MOVE),
    "studio.list_processes": Route("studio.see"),
    "studio.show_migration": Route("studio.see", arguments=MOVE),
    "studio.show_plan": Route("studio.publish", arguments=KEY),
    "studio.show_progress": Route("studio.see", arguments=MOVE),
    "studio.stop_migration": Route("studio.publish", arguments=MOVE),
    "studio.undo_migration": Route("studio.publish", arguments=MOVE),
}
