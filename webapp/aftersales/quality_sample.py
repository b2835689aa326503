"""Which cars somebody else checks after the work (specification §2.3, C10). Pure."""

from collections.abc import Collection

SAFETY_REASONS = frozenset({"recall"})
SAFETY_JOBS = frozenset({"brakes", "suspension", "alignment", "tyres"})
EVERY = 5  # of the others one in so many, 20 %


def is_checked(visit_id: int, *, reasons: Collection[str], jobs: Collection[str], repeat: bool) -> bool:
    """Repeat repairs and what concerns safety always; of the rest every fifth."""
    if repeat or SAFETY_REASONS & set(reasons) or SAFETY_JOBS & set(jobs):
        return True
    return visit_id % EVERY == 0
