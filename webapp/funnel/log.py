"""The log behind the funnel as CSV: whoever doubts a figure counts it again with tools of his own."""

import csv
import json
from typing import TextIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import case_data
from engine.history.models import HistoryEvent
from engine.instances.models import ProcessInstance

COLUMNS = ("number", "at", "process", "case", "business_key", "kind", "element", "milestone", "actor", "payload")
AT_ONCE = 1000


def write_log(session: Session, file: TextIO, process_key: str | None = None) -> int:
    """Write one line per event in the order of the log; answers with their number.

    `at` is ISO 8601 in UTC, `payload` a JSON object with texts for moments and amounts.
    """
    statement = (
        select(
            HistoryEvent.seq,
            HistoryEvent.at,
            ProcessInstance.process_key,
            HistoryEvent.instance_id,
            ProcessInstance.business_key,
            HistoryEvent.kind,
            HistoryEvent.element,
            HistoryEvent.milestone,
            HistoryEvent.actor_id,
            HistoryEvent.payload,
        )
        .join(ProcessInstance, ProcessInstance.id == HistoryEvent.instance_id)
        .order_by(HistoryEvent.seq)
        .execution_options(yield_per=AT_ONCE)
    )
    if process_key:
        statement = statement.where(ProcessInstance.process_key == process_key)
    lines = csv.writer(file)
    lines.writerow(COLUMNS)
    written = 0
    for seq, at, *middle, payload in session.execute(statement):
        told = case_data.load(payload) if payload else {}
        lines.writerow([seq, at.isoformat(), *middle, json.dumps(told, default=str, ensure_ascii=False)])
        written += 1
    return written
