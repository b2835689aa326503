"""Computed fields that need each other: they would never come to rest."""

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from engine.definitions.problems import Problem
from engine.human_tasks.forms.model import Layout

Name = tuple[str, str]  # the list, or "" for a field of the form itself; and the key


def find_circles(layout: Layout) -> Iterator[Problem]:
    """A problem at the computed field of each circle that is found first."""
    try:
        TopologicalSorter(_needs(layout)).prepare()
    except CycleError as error:
        circle: list[Name] = error.args[1]
        names = " → ".join(".".join(filter(None, name)) for name in circle)
        yield Problem("computed_circle", element=circle[0][1], details={"circle": names})


def _needs(layout: Layout) -> dict[Name, set[Name]]:
    """What each computed field reads: fields of its own row before those of the form, a whole list by its key."""
    rows = dict(layout.lists)
    needs: dict[Name, set[Name]] = {}
    for place, fields in [("", layout.fields), *((key, row.fields) for key, row in rows.items())]:
        for key, item in fields.items():
            if item.computed is None:
                continue
            found: set[Name] = set()
            for name in item.computed.names:
                if place and name in fields:
                    found.add((place, name))
                elif name in rows:
                    found |= {(name, each) for each in rows[name].fields}
                else:
                    found.add(("", name))
            needs[place, key] = found
    return needs
