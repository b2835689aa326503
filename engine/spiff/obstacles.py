"""What a transfer to another version is asked with, and what can stand in its way."""

from dataclasses import dataclass
from typing import Protocol


class ElementMapping(Protocol):
    """Which element of the other version stands for an element of a process (its key)."""

    def image(self, process: str, element: str) -> str | None:
        """The id that it is mapped to; None, or an id that is not there: it has no counterpart."""
        ...

    def is_same(self, process: str, element: str) -> bool:
        """Is it the same element, perhaps under another id? Else its tokens leave it and arrive at the image."""
        ...


@dataclass(frozen=True)
class Obstacle:
    """Why a token cannot be taken over. `code`: whoever shows it says it in words."""

    code: str
    process: str
    element: str
    target: str = ""


class NotTransferable(Exception):
    """Some tokens have no place in the other version; `obstacles` names each of them once."""

    def __init__(self, obstacles: tuple[Obstacle, ...]) -> None:
        super().__init__(", ".join(f"{each.code} {each.element}" for each in obstacles))
        self.obstacles = obstacles
