"""Files that are whole, to be damaged: small drawings, tables and forms, and a world in which all of them are live."""

from pathlib import Path

from engine.database import Database
from tests.engine.world import World, form

ROOT = Path(__file__).parents[3]
HERE = Path(__file__).parents[1] / "elements"

FILES = {
    path.name: path.read_text(encoding="utf-8")
    for path in sorted(
        [
            *HERE.glob("*.bpmn"),
            *HERE.glob("*.dmn"),
            *(ROOT / "processes").rglob("*.dmn"),
            *(ROOT / "forms/common").glob("*.form"),
            *(ROOT / "forms/sales").glob("*offer*.form"),
            *(ROOT / "forms/aftersales").glob("a*.form"),
        ]
    )
}


def world_with_all(database: Database) -> World:
    """With all that the drawings refer to, so that the damage is what is wrong with them."""
    world = World(database)
    for name, text in FILES.items():
        if name.endswith(".dmn"):
            world.deploy(text)
    world.deploy(form("test/name", "name"))
    for name, text in FILES.items():
        if name.endswith(".bpmn"):
            world.deploy(text)
    return world
