"""A salesperson with a head and a colleague in one centre, and cases for them."""

from tests.webapp.diary.conftest import centre, colleague, errands, head, seller

__all__ = ["centre", "colleague", "errands", "head", "seller"]
