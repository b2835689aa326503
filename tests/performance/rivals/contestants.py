"""The rivals as contestants: installed into the build folder, each in a process of its own, one step per line.

Versions are pinned, so that two runs measure the same. bpmn-engine keeps its engine in memory and its state is stored
here after each step; django-viewflow stores by its own models. Both with synchronous=FULL, without anything around.
"""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
import venv
from pathlib import Path

from tests.performance.guided import drawing

HERE = Path(__file__).parent
PINNED = {"bpmn-engine": "25.0.1", "django-viewflow": "2.4.0"}


class Process:
    """A program that answers every line with a line."""

    def __init__(self, *command: str, folder: Path | None = None, **environment: str) -> None:
        self._running = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=folder, env=os.environ | environment
        )

    def answer(self) -> str:
        assert self._running.stdout is not None
        line = self._running.stdout.readline()
        assert line, "the rival has ended"
        return line

    def ask(self) -> str:
        assert self._running.stdin is not None
        self._running.stdin.write("\n")
        self._running.stdin.flush()
        return self.answer()

    def close(self) -> None:
        assert self._running.stdin is not None
        self._running.stdin.close()
        self._running.wait(timeout=30)
        if self._running.stdout is not None:
            self._running.stdout.close()


class BpmnEngine:
    """bpmn-engine in memory, its state as JSON in one row."""

    def __init__(self, folder: Path, installed: Path) -> None:
        (folder / "guided.bpmn").write_text(_for_javascript(drawing().decode()))
        program = str(HERE / "bpmn_engine.cjs")
        self._process = Process("node", program, str(folder / "guided.bpmn"), NODE_PATH=str(installed / "node_modules"))
        self._connection = sqlite3.connect(folder / "bpmn_engine.db", isolation_level=None)
        self._connection.executescript(
            "pragma journal_mode=wal; pragma synchronous=full;"
            "create table instance (id integer primary key, state text not null); insert into instance values (1, '');"
        )

    def step(self) -> None:
        state = self._process.ask()
        self._connection.execute("update instance set state = ? where id = 1", (state,))

    def close(self) -> None:
        self._process.close()
        self._connection.close()


class Viewflow:
    """django-viewflow with its own tables."""

    def __init__(self, folder: Path, installed: Path) -> None:
        python = str(installed / "viewflow/bin/python")
        self._process = Process(python, str(HERE / "viewflow_sale.py"), str(folder / "viewflow.db"), folder=folder)
        assert self._process.answer() == "ready\n"

    def step(self) -> None:
        self._process.ask()

    def close(self) -> None:
        self._process.close()


def install(build: Path) -> Path:
    """Fetch the rivals from the registries that npm and pip are set to; what is there is not fetched again."""
    folder = build / "rivals"
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "node_modules/bpmn-engine").is_dir():
        npm = shutil.which("npm")
        assert npm is not None, "npm is needed to measure bpmn-engine"
        wanted = f"bpmn-engine@{PINNED['bpmn-engine']}"
        command = [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(folder), wanted]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    if not (folder / "viewflow/bin/django-admin").exists():
        venv.create(folder / "viewflow", with_pip=True)
        python = str(folder / "viewflow/bin/python")
        wanted = f"django-viewflow=={PINNED['django-viewflow']}"
        subprocess.run([python, "-m", "pip", "install", "--quiet", wanted], check=True, stdout=sys.stderr)
    return folder


def _for_javascript(text: str) -> str:
    """The model with conditions and durations as bpmn-engine reads them; its timers hold at most 24 days."""
    never = '<conditionExpression xsi:type="tFormalExpression">${environment.variables.never}</conditionExpression>'
    text = re.sub(r"<conditionExpression>.*?</conditionExpression>", lambda _: never, text)
    named = '<definitions xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="guided_file" targetNamespace="t" '
    return text.replace("<definitions ", named, 1).replace('"P30D"', "P20D")
