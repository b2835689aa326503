"""The floor: what a durable step costs at the very least, with nothing of a product around it.

Raw sqlite3, WAL, synchronous=FULL; the engine's object stays in memory; one user task is completed, one row with a
blob of 8 KB is rewritten, four rows are inserted (task, timer, history, milestone) and one commit is made.
"""

import os
import sqlite3
from pathlib import Path
from typing import Any

from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from tests.performance.guided import specification

BLOB = os.urandom(8 * 1024)
TABLES = """
create table instance (id integer primary key, rev integer not null, state blob not null);
create table task (id integer primary key, instance_id integer not null, element text not null);
create table due (id integer primary key, instance_id integer not null, due_at text not null);
create table history (id integer primary key, instance_id integer not null, element text not null, at text not null);
create table milestone (id integer primary key, instance_id integer not null, name text not null);
"""
MOMENT = "2030-01-01T10:00:00+00:00"


class Floor:
    """Steps through the guided model, one durable transaction each."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.executescript(f"pragma journal_mode=wal; pragma synchronous=full; {TABLES}")
        self.connection.execute("insert into instance values (1, 0, ?)", (BLOB,))
        self.workflow = started()

    def step(self) -> None:
        if self.workflow.is_completed():
            self.workflow = started()
        element = complete_next(self.workflow)
        run = self.connection.execute
        run("begin immediate")
        run("update instance set rev = rev + 1, state = ? where id = 1", (BLOB,))
        run("insert into task (instance_id, element) values (1, ?)", (element,))
        run("insert into due (instance_id, due_at) values (1, ?)", (MOMENT,))
        run("insert into history (instance_id, element, at) values (1, ?, ?)", (element, MOMENT))
        run("insert into milestone (instance_id, name) values (1, ?)", (element,))
        run("commit")

    def close(self) -> None:
        self.connection.close()


def started() -> Any:
    """A new case, run to its first step."""
    workflow = BpmnWorkflow(*specification())
    workflow.do_engine_steps()
    return workflow


def complete_next(workflow: Any) -> str:
    """Complete one open task as a person would, run on to the next; returns which task it was."""
    task = workflow.get_next_task(state=TaskState.READY, manual=True)
    task.set_data(**{task.task_spec.bpmn_id: "yes"})
    task.run()
    workflow.refresh_timers()
    workflow.do_engine_steps()
    return str(task.task_spec.bpmn_id)
