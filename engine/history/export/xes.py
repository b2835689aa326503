"""XES, IEEE 1849: one trace for each case, with the standard extensions concept, lifecycle, time and organizational."""

import re
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import quoteattr

from sqlalchemy.orm import Session

from engine.history.export.naming import CASE, CENTRE, PERSON, Speech, transition_of
from engine.history.export.reading import CaseRow, Chosen, EventRow, read_cases, read_events, stamp

MIMETYPE = "application/xml"
EXTENSIONS = (
    ("Concept", "concept"),
    ("Lifecycle", "lifecycle"),
    ("Time", "time"),
    ("Organizational", "org"),
)
# characters that XML 1.0 cannot hold in any spelling
_UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(session: Session, chosen: Chosen, speech: Speech, *, title: str) -> Iterator[bytes]:
    """The file in pieces of some cases each; memory does not grow with the log."""
    yield _head(title).encode()
    for cases in read_cases(session, chosen):
        events = read_events(session, cases)
        yield "".join(_trace(session, case, events.get(case.id, ()), speech) for case in cases).encode()
    yield b"</log>\n"


def _head(title: str) -> str:
    extensions = "".join(
        f'<extension name="{name}" prefix="{prefix}" uri="http://www.xes-standard.org/{prefix}.xesext"/>\n'
        for name, prefix in EXTENSIONS
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1849.2023" xes.features="">\n'
        f'{extensions}<global scope="trace">\n{_text("concept:name", "unknown")}</global>\n'
        f'<global scope="event">\n{_text("concept:name", "unknown")}{_text("lifecycle:transition", "complete")}'
        f'<date key="time:timestamp" value="1970-01-01T00:00:00.000+00:00"/>\n{_text("kind", "unknown")}</global>\n'
        '<classifier name="Activity" keys="concept:name"/>\n'
        '<classifier name="ActivityAndTransition" keys="concept:name lifecycle:transition"/>\n'
        f"{_text('concept:name', title)}{_text('lifecycle:model', 'standard')}"
    )


def _trace(session: Session, case: CaseRow, events: Sequence[EventRow], speech: Speech) -> str:
    parts = [
        "<trace>\n",
        _text("concept:name", speech.name(CASE, case.id)),
        _text("process", case.process_key),
        _text("record", speech.name(case.business_key.rpartition(":")[0], case.business_key)),
        _text("status", case.status),
    ]
    if case.outcome:
        parts.append(_text("outcome", case.outcome))
    for name, value in case.dimensions.items():
        told = speech.dimension(name, value)
        if told is not None:
            parts.append(_text(f"dimension_{name}", told))
    parts += [_event(session, case, event, speech) for event in events]
    return "".join([*parts, "</trace>\n"])


def _event(session: Session, case: CaseRow, event: EventRow, speech: Speech) -> str:
    parts = [
        "<event>\n",
        _text("concept:name", speech.activity(session, event.definition_id, event.element, event.kind)),
        _text("lifecycle:transition", transition_of(event.kind)),
        f'<date key="time:timestamp" value="{stamp(event.at)}"/>\n',
        _text("kind", event.kind),
    ]
    if event.actor_id is not None:
        parts.append(_text("org:resource", speech.name(PERSON, event.actor_id)))
    if case.scope_id is not None:
        parts.append(_text("org:group", speech.name(CENTRE, case.scope_id)))
    if event.milestone:
        parts.append(_text("milestone", event.milestone))
    return "".join([*parts, "</event>\n"])


def _text(key: str, value: str) -> str:
    return f"<string key={quoteattr(key)} value={quoteattr(_UNFIT.sub(' ', value))}/>\n"
