"""A salesperson with errands whose process gets a new version."""

from tests.webapp.diary.conftest import centre, colleague, errands, head, seller

__all__ = ["centre", "colleague", "errands", "head", "seller"]
