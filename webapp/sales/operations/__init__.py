"""What the drawing of a worksheet may do. An operation finds the worksheet of its case and calls one service.

Parameters carry the keys of the form's fields; what an operation returns joins the answers of its step in the
case document, so that conditions and due times of the drawing can use it.
"""

from webapp.sales.operations import (
    aftercare,
    contact,
    contracts,
    credit,
    ending,
    follow_up,
    handover,
    needs,
    offering,
    preparation,
    supply,
    trying,
)
from webapp.sales.operations.common import operations

__all__ = [
    "aftercare",
    "contact",
    "contracts",
    "credit",
    "ending",
    "follow_up",
    "handover",
    "needs",
    "offering",
    "operations",
    "preparation",
    "supply",
    "trying",
]
