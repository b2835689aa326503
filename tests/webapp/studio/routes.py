"""The routes of the studio: versions run in all centres, so only the whole group is a scope."""

from tests.webapp.routes import Route

KEY = {"key": "unknown"}
CASE = {"key": "unknown", "case_id": 0}
DRAFT = {"draft_id": 0}
MOVE = {"migration_id": 0}

NEW_FORM = {"name": "Check", "folder": "sales"}

ROUTES: dict[str, Route] = {
    "decisions.evaluate": Route("studio.edit", arguments=DRAFT),
    "decisions.keep_test": Route("studio.edit", arguments=DRAFT),
    "decisions.remove_test": Route("studio.edit", arguments={**DRAFT, "test_id": 0}),
    "decisions.run_tests": Route("studio.edit", arguments=DRAFT),
    "decisions.show_words": Route("studio.edit", arguments=DRAFT),
    "drafts.ask_turn": Route("studio.edit", arguments=DRAFT),
    "drafts.discard_draft": Route("studio.edit", arguments=DRAFT),
    "drafts.give_up_turn": Route("studio.edit", arguments=DRAFT),
    "drafts.open_draft": Route("studio.edit", data={"kind": "process", "key": "unknown"}),
    "drafts.save_draft": Route("studio.edit", arguments=DRAFT),
    "drafts.show_body": Route("studio.edit", arguments=DRAFT),
    "drafts.show_book": Route("studio.edit", arguments=DRAFT),
    "drafts.show_draft": Route("studio.edit", arguments=DRAFT),
    "drafts.show_problems": Route("studio.edit", arguments=DRAFT),
    "exchange.begin_process": Route("studio.edit", data={"name": "New"}),
    "exchange.bring_files": Route("studio.edit"),
    "exchange.choose_beginning": Route("studio.edit"),
    "exchange.take_bundle": Route("studio.see", arguments=KEY),
    "exchange.take_draft": Route("studio.edit", arguments=DRAFT),
    "exchange.take_templates": Route("studio.see"),
    "heat.show_map": Route("studio.see", arguments=KEY),
    "publishing.list_versions": Route("studio.see", arguments=KEY),
    "publishing.publish_again": Route("studio.publish", arguments={**KEY, "definition_id": 0}),
    "publishing.publish_draft": Route("studio.publish", arguments=DRAFT),
    "publishing.show_drawing": Route("studio.publish", arguments=DRAFT),
    "publishing.show_marks": Route("studio.publish", arguments=DRAFT),
    "publishing.show_preview": Route("studio.publish", arguments=DRAFT),
    "publishing.show_version": Route("studio.see", arguments={**KEY, "definition_id": 0}),
    "forms.begin_form": Route("studio.edit", data=NEW_FORM),
    "forms.show_preview": Route("studio.edit", arguments=DRAFT),
    "forms.show_uses": Route("studio.edit", arguments=DRAFT),
    "forms.show_words": Route("studio.edit", arguments=DRAFT),
    "studio.apply_migration": Route("studio.publish", arguments=MOVE),
    "studio.check_plan": Route("studio.publish", arguments=KEY),
    "studio.discard_migration": Route("studio.publish", arguments=MOVE),
    "studio.list_decisions": Route("studio.see"),
    "studio.list_forms": Route("studio.see"),
    "studio.list_processes": Route("studio.see"),
    "studio.show_migration": Route("studio.see", arguments=MOVE),
    "studio.show_plan": Route("studio.publish", arguments=KEY),
    "studio.show_progress": Route("studio.see", arguments=MOVE),
    "studio.show_standing": Route("studio.see", arguments=KEY),
    "studio.stop_migration": Route("studio.publish", arguments=MOVE),
    "studio.undo_migration": Route("studio.publish", arguments=MOVE),
    "testing.add_act": Route("studio.see", arguments=KEY),
    "testing.begin_anew": Route("studio.see", arguments=KEY),
    "testing.delete_case": Route("studio.edit", arguments=CASE, needs=("studio.see",)),
    "testing.open_case": Route("studio.see", arguments=CASE),
    "testing.save_case": Route("studio.edit", arguments=KEY, needs=("studio.see",)),
    "testing.show_draft_run": Route("studio.see", arguments=DRAFT),
    "testing.show_drawing": Route("studio.see", arguments=KEY),
    "testing.show_run": Route("studio.see", arguments=KEY),
    "testing.take_back": Route("studio.see", arguments=KEY),
}
