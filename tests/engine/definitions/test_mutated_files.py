"""Whatever a file has become, publishing takes it or says what is wrong and where; it never breaks.

`./test unit` tries two hundred damaged files; `MUTATED_FILES=10000 ./test unit -k mutated` as many as are wanted.
"""

import os
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.database import Database
from engine.definitions.problem_texts import describe
from engine.definitions.problems import DefinitionRejected, Problem
from tests.engine.definitions.mutations import mutated
from tests.engine.definitions.whole_files import FILES, world_with_all
from tests.engine.world import World

AS_MANY = int(os.environ.get("MUTATED_FILES", "200"))
BROKEN_SEEDS = (405, 436, 2127, 2325, 6163, 6943)
"""Seeds that have once broken something, while the files were as they were then."""


class Tried(Exception):
    """Published to see that it can be; taken back."""


@pytest.fixture
def world(sqlite_database: Database) -> World:
    return world_with_all(sqlite_database)


def findings(world: World, seed: int) -> tuple[Problem, ...]:
    """What publishing has against this damaged file; nothing when it is still whole."""
    source = random.Random(seed)
    name = source.choice(list(FILES))
    contents = {name: mutated(name, FILES[name], source)}
    try:
        with world.database.write() as session:
            world.engine.deploy(session, contents, actor_id=None, now=world.now)
            raise Tried
    except Tried:
        return ()
    except DefinitionRejected as refusal:
        return refusal.problems or (Problem("nothing_said"),)


def check(world: World, seed: int) -> None:
    for problem in findings(world, seed):
        assert problem.source or problem.element or problem.line, problem
        for language in ("en", "ru"):
            assert describe(problem, language) != problem.code, problem


def test_the_whole_files_are_taken(world: World) -> None:
    for name, text in FILES.items():
        with world.database.write() as session:
            world.engine.deploy(session, {name: text.encode()}, actor_id=None, now=world.now)


@settings(max_examples=AS_MANY, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**9))
def test_a_mutated_file_is_taken_or_refused_with_its_place(world: World, seed: int) -> None:
    check(world, seed)


def test_what_has_once_broken_something_does_so_no_more(world: World) -> None:
    for seed in BROKEN_SEEDS:
        check(world, seed)
