"""Who may do what to whose drawings, asked by every page of the studio."""

from webapp.core.database import session
from webapp.core.errors import Forbidden
from webapp.core.feature import Text
from webapp.core.permissions import ScopeKind, actor_id, current_scope
from webapp.studio import drafts, queries
from webapp.studio.departments.rules import DEPARTMENTS, check_drawer, rules_of
from webapp.studio.models import Draft, DraftKind


def whole_group(permission: str) -> None:
    """Versions run in all centres at once: who may see or change them in one alone may not here."""
    if current_scope(permission).kind is not ScopeKind.GROUP:
        raise Forbidden("whole_group_only", "This concerns all centres at once.")


def own_draft(draft_id: int) -> Draft:
    """A draft that this person may draw. Raises NotFound, Forbidden."""
    whole_group("studio.edit")
    draft = drafts.draft_of(session(), draft_id)
    check_drawer(session(), [draft.path], actor_id())
    return draft


def own_process(key: str) -> None:
    """Raises Forbidden where others draw this process, and put it live."""
    whole_group("studio.publish")
    check_drawer(session(), [queries.path_of(session(), key)], actor_id())


def own_tests(key: str) -> None:
    """Raises Forbidden where others draw this process, live or not, and so keep its tests."""
    whole_group("studio.edit")
    draft = drafts.find_draft(session(), DraftKind.PROCESS, key)
    path = draft.path if draft is not None else queries.path_of(session(), key)
    check_drawer(session(), [path], actor_id())


def own_departments() -> dict[str, Text]:
    """Those for which this person draws, by name."""
    rules = rules_of(session())
    return {name: title for name, title in DEPARTMENTS.items() if rules[name].may_draw(actor_id())}
