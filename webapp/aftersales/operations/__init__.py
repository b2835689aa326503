"""What the drawings of a service visit may do. An operation finds the visit of its case and calls one service.

Parameters carry the keys of the form's fields; what an operation returns joins the answers of its step in the
case document, so that conditions and due times of the drawing can use it.
"""

from webapp.aftersales.operations import arrival, booking, changing, closing, ordering, preparing, reminding, working
from webapp.aftersales.operations.common import operations

__all__ = [
    "arrival",
    "booking",
    "changing",
    "closing",
    "operations",
    "ordering",
    "preparing",
    "reminding",
    "working",
]
