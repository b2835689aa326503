"""Papers: numbers, frozen content, and how they look."""
