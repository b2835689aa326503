"""`value.name`: entries of contexts, parts of dates, times, durations and ranges; over a list, of each element."""

from datetime import date, time, timedelta

from engine.feel.budget import Run
from engine.feel.temporal import temporal_property
from engine.feel.values import Range, WideDate, WideDateTime, YearsMonths


def property_of(value: object, name: str, run: Run) -> object:
    """Null for anything the value does not have; Python attributes are never looked at."""
    if isinstance(value, dict):
        return value.get(name)
    if isinstance(value, list):
        run.charge_list(len(value))
        return [property_of(element, name, run) for element in value]
    if isinstance(value, date | time | timedelta | YearsMonths | WideDate | WideDateTime):
        return temporal_property(value, name)
    if isinstance(value, Range):
        return {
            "start": value.start,
            "end": value.end,
            "start included": value.start_included,
            "end included": value.end_included,
        }.get(name)
    return None
