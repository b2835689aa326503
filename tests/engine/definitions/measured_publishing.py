"""Publishes files, each in a process of its own that is stopped when it takes too much, and says what each took.

    python -m tests.engine.definitions.measured_publishing <SQLite file> hostile|costly|<first seed>-<last seed>

The database holds what `world_with_all` publishes. One line of JSON for each file: its name, what became of it, the
processor's time in seconds, and the memory in megabytes above that of the interpreter which has published before. The
first lines, named YARDSTICK, are those of publishing all whole files: what costs of the machine are held against.
"""

import json
import os
import random
import resource
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial

from engine.database import make_database
from engine.definitions.problem_texts import describe
from engine.definitions.problems import DefinitionRejected, Problem
from tests.engine.definitions.hostile_files import HOSTILE
from tests.engine.definitions.mutations import mutated
from tests.engine.definitions.whole_files import FILES
from tests.engine.world import World

MOST_SECONDS = 20  # after which the process is ended by the system
MOST_MEMORY = 600  # megabytes of address space above those of the warm interpreter
KILOBYTE, MEGABYTE = 1024, 1024 * 1024

YARDSTICK, YARDSTICKS = "all whole files", 5
MOST_TIMES = 10  # the yardstick: what a file may cost of the processor

Act = Callable[[], str]


class Tried(Exception):
    """Published to see that it can be; taken back."""


def main() -> None:
    database, wanted = make_database(f"sqlite:///{sys.argv[1]}"), sys.argv[2]
    world = World(database)
    for name, text in FILES.items():
        publish(world, name, text.encode())
        publish(world, name, b"<broken")
    for name, act in acts(world, wanted):
        database.dispose()  # no connection lives in two processes
        sys.stdout.write(json.dumps({"name": name, **measured(act)}) + "\n")
        sys.stdout.flush()


def acts(world: World, wanted: str) -> Iterator[tuple[str, Act]]:
    """The files are made before they are measured."""
    yield from ((YARDSTICK, partial(publish_all, world)) for _ in range(YARDSTICKS))
    if wanted == "costly":
        yield from (("slow", partial(slow, world)), ("large", large), ("breaking", breaking))
    elif wanted == "hostile":
        for name, make in HOSTILE.items():
            yield name, partial(publish, world, *make())
    else:
        first, _, last = wanted.partition("-")
        for seed in range(int(first), int(last) + 1):
            yield f"seed {seed}", partial(publish, world, *damaged(seed))


def publish_all(world: World) -> str:
    return ", ".join(sorted({publish(world, name, text.encode()) for name, text in FILES.items()}))


def slow(world: World) -> str:
    return ", ".join({publish_all(world) for _ in range(2 * MOST_TIMES)})


def large() -> str:
    return str(len(bytes(150 * MEGABYTE).replace(b"\0", b"x")))


def breaking() -> str:
    raise ValueError("on purpose")


def damaged(seed: int) -> tuple[str, bytes]:
    source = random.Random(seed)
    name = source.choice(list(FILES))
    return name, mutated(name, FILES[name], source)


def measured(act: Act) -> dict[str, object]:
    receiving, sending = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(receiving)
        os.write(sending, json.dumps(within_limits(act)).encode())
        os._exit(0)
    os.close(sending)
    with os.fdopen(receiving) as answers:
        answer = answers.read()
    status = os.waitpid(child, 0)[1]
    return json.loads(answer) if answer else {"became": f"ended by the system ({status})", "cpu": None, "memory": None}


def within_limits(act: Act) -> dict[str, object]:
    resource.setrlimit(resource.RLIMIT_AS, (memory("VmSize") + MOST_MEMORY * MEGABYTE, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    stood, began = memory("VmRSS"), time.process_time()
    try:
        became = act()
    except Exception as error:
        became = f"broke: {type(error).__name__}: {str(error)[:200]}"
    spent = time.process_time() - began
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KILOBYTE
    return {"became": became, "cpu": round(spent, 3), "memory": round(max(most - stood, 0) / MEGABYTE, 1)}


def publish(world: World, path: str, body: bytes) -> str:
    """Publish and take back. The refusal is put into words, as whoever publishes would read it."""
    try:
        with world.database.write() as session:
            world.engine.deploy(session, {path: body}, actor_id=None, now=world.now)
            raise Tried
    except Tried:
        return "published"
    except DefinitionRejected as refusal:
        return ", ".join(sorted({told(problem) for problem in refusal.problems})) or "refused without a word"


def told(problem: Problem) -> str:
    sentences = {describe(problem, language) for language in ("en", "ru")}
    return problem.code if len(sentences) == 2 and problem.code not in sentences else f"{problem.code} (no sentence)"


def memory(name: str) -> int:
    """VmSize or VmRSS of this process, in bytes."""
    with open("/proc/self/status") as status:
        line = next(line for line in status if line.startswith(f"{name}:"))
    return int(line.split()[1]) * KILOBYTE


if __name__ == "__main__":
    main()
