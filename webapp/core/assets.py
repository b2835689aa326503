"""Built scripts and styles by the name of their entry, and the icons."""

import json
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, g, request, url_for
from markupsafe import Markup
from werkzeug import Response

from webapp.core.permissions import PUBLIC, RULE

STATIC = Path(__file__).parent.parent / "static"
MANIFEST = STATIC / "dist" / ".vite" / "manifest.json"
SPRITE = "icons.svg"
A_YEAR = "public, max-age=31536000, immutable"


def init_app(app: Flask) -> None:
    setattr(app.view_functions["static"], RULE, PUBLIC)
    app.jinja_env.globals.update(asset=asset, early_script=early_script, icon=icon, sprite_url=sprite_url)
    app.after_request(cache_built_files)


def asset(entry: str) -> Markup:
    """The tags of one entry of webapp/ui: its styles, then its script. Empty before the first build."""
    found = _entry(entry)
    if found is None:
        return Markup()
    tags = [Markup('<link rel="stylesheet" href="{}">').format(_built(css)) for css in found.get("css", ())]
    tags.append(Markup('<script type="module" src="{}"></script>').format(_built(found["file"])))
    return Markup("\n").join(tags)


def early_script(entry: str) -> Markup:
    """The tag of an entry without imports that must run before the first paint."""
    found = _entry(entry)
    return Markup('<script src="{}"></script>').format(_built(found["file"])) if found else Markup()


def icon(name: str, label: str = "", size: int = 16) -> Markup:
    """An icon of the sprite; without a label it is decoration."""
    return _icon(name, label, size, sprite_url())


@lru_cache(maxsize=2048)  # a page has a hundred of them
def _icon(name: str, label: str, size: int, sprite: str) -> Markup:
    role = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    css = "ic" if size == 16 else f"ic ic-{size}"
    return Markup('<svg class="{}" {}><use href="{}#{}"/></svg>').format(css, role, sprite, name)


def sprite_url() -> str:
    """The file of all icons, with its version; built once for each request."""
    if "sprite_url" not in g:
        g.sprite_url = url_for("static", filename=SPRITE, v=_version(SPRITE))
    return str(g.sprite_url)


def cache_built_files(response: Response) -> Response:
    """Names in dist carry a hash of the content, the sprite carries its version: they never change."""
    if (
        request.endpoint == "static"
        and response.status_code == 200
        and ("/dist/" in request.path or "v" in request.args)
    ):
        response.headers["Cache-Control"] = A_YEAR
    return response


def _entry(name: str) -> dict[str, Any] | None:
    built = _manifest(MANIFEST.stat().st_mtime_ns) if MANIFEST.exists() else {}
    return built.get(f"entries/{name}.ts")


def _built(file: str) -> str:
    return url_for("static", filename=f"dist/{file}")


@cache
def _manifest(_modified: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(MANIFEST.read_text())
    return found


@cache
def _version(name: str) -> str:
    return f"{(STATIC / name).stat().st_mtime_ns:x}"
