"""What every template may use: the person, his rights, the rail, and where the page is."""

from contextlib import suppress
from pathlib import Path
from pickle import UnpicklingError

from flask import Flask, current_app, g, request
from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket
from werkzeug.exceptions import HTTPException

from webapp.core import navigation
from webapp.core.clock import now
from webapp.core.config import Settings, settings
from webapp.core.permissions import current_identity, may, permission_title
from webapp.core.preferences import current_theme


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(
        me=current_identity,
        may=may,
        permission_title=permission_title,
        rail=navigation.rail,
        actions=navigation.actions,
        topbar_templates=navigation.topbar_templates,
        live_url=navigation.live_url,
        current_theme=current_theme,
        current_path=current_path,
        return_path=return_path,
        now=now,
        settings=settings,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.bytecode_cache = _compiled_pages(app.extensions["settings"])


class CompiledPages(FileSystemBytecodeCache):
    """Compiled templates in a folder, each beside the checksum of its text; a full or damaged disk costs only time."""

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            super().load_bytecode(bucket)
        except (OSError, EOFError, ValueError, TypeError, UnpicklingError):
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)


def _compiled_pages(known: Settings) -> CompiledPages | None:
    """Where compiled templates are kept between starts; a folder that cannot be had costs only time."""
    folder = Path(known.template_cache or Path(known.data_dir) / "pages").resolve()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return None
    return CompiledPages(str(folder))


def current_path() -> str:
    """This page's address within the application, for forms that come back to it."""
    return request.full_path.rstrip("?") if request.method == "GET" else "/"


def return_path() -> str:
    """Where a page that answers a form can be asked for again; "" for a page that was asked for, or without such."""
    if request.method == "GET":
        return ""
    known: str = g.get("return_path", "")
    return known or (request.path if _can_be_asked_for() else "")


def return_to(path: str) -> None:
    """The answer to this form belongs to the page with this address."""
    g.return_path = path


def _can_be_asked_for() -> bool:
    try:
        current_app.create_url_adapter(request).match(method="GET")  # type: ignore[union-attr]  # within a request
    except HTTPException:
        return False
    return True
