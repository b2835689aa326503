"""The library alone: SpiffWorkflow with its own JSON in one row, as its documentation shows it; no diary, no history.

Every step loads the row, completes one user task, writes the row and commits, with synchronous=FULL as the product.
"""

import sqlite3
from pathlib import Path

from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer

from tests.performance.floor import complete_next, started


class BareSpiff:
    """Steps through the guided model, state as library JSON in one row."""

    def __init__(self, path: Path) -> None:
        self.serializer = BpmnWorkflowSerializer()
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.executescript("pragma journal_mode=wal; pragma synchronous=full;")
        self.connection.execute("create table instance (id integer primary key, state text not null)")
        self.connection.execute("insert into instance values (1, ?)", (self.serializer.serialize_json(started()),))

    def step(self) -> None:
        run = self.connection.execute
        run("begin immediate")
        (state,) = run("select state from instance where id = 1").fetchone()
        workflow = self.serializer.deserialize_json(state)
        if workflow.is_completed():
            workflow = started()
        complete_next(workflow)
        run("update instance set state = ? where id = 1", (self.serializer.serialize_json(workflow),))
        run("commit")

    def close(self) -> None:
        self.connection.close()
