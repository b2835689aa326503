"""Numbers of papers: one after the other, without a gap, without a double, whoever asks at the same moment."""

from sqlalchemy.orm import Session

from engine.persistence import insert_for, table_of
from webapp.papers.models import PaperSeries

_series = table_of(PaperSeries)


def series_name(paper: str, centre_id: int | None, year: int) -> str:
    """The series of a paper: each centre counts for itself, and anew every year."""
    return f"{paper}/{centre_id or 0}/{year}"


def take_number(session: Session, series: str) -> int:
    """The next number of the series, from 1.

    The row stays locked until the transaction ends, and a transaction that fails gives its number back.
    """
    counted = (
        insert_for(session.get_bind().dialect.name, _series)
        .values(name=series, last=1)
        .on_conflict_do_update(index_elements=["name"], set_={"last": _series.c.last + 1})
        .returning(_series.c.last)
    )
    number: int = session.execute(counted).scalar_one()
    return number


def number_label(letters: str, number: int) -> str:
    """КП-000125."""
    return f"{letters}-{number:06}"
