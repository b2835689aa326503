"""Customers in the global search."""

from flask import url_for
from sqlalchemy.orm import Session

from webapp.core import formats
from webapp.core.feature import Hit
from webapp.core.permissions import current_scope
from webapp.customers.queries import find_matches


def find_hits(session: Session, text: str, limit: int) -> list[Hit]:
    """By the phone in any form, its last four or more digits, or the name in any spelling."""
    return [
        Hit(
            match.name,
            formats.format_phone(match.phone) if match.phone else "",
            url_for("customers.show_customer", customer_id=match.id),
            "building" if match.company else "user",
        )
        for match in find_matches(session, text, scope=current_scope("customers.see"), limit=limit)
    ]
