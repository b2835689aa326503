"""What people hear of that belongs to no case: a slice publishes it, the diary writes it into their notifications."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class News:
    """Published when people should hear of something. `code` names the sentence in `webapp.diary.sentences`.

    `by`: who has done it; he is not told himself. `params`: what fills the gaps of the sentence.
    """

    code: str
    recipients: frozenset[int]
    by: int | None
    at: datetime
    params: Mapping[str, object] = field(default_factory=dict)
