"""A head with two salespeople in one centre, and somebody in another."""

from tests.webapp.diary.conftest import centre, colleague, errands, head, seller

__all__ = ["centre", "colleague", "errands", "head", "seller"]
