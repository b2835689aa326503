"""What stands on the pages of the control board."""

import re

MOST_STATEMENTS = 18


def figures(page: str, person: int) -> dict[str, int]:
    """Cells of one line of the board by their problem; those without a number are absent."""
    line = re.search(rf'<tr data-test="person" data-person="{person}">.*?</tr>', page, re.DOTALL)
    assert line, f"no line for {person}"
    return {name: int(number) for name, number in re.findall(r'data-test="cell-(\w+)">(\d+)<', line.group(0))}


def rows(page: str) -> list[int]:
    """Ids of the cases in the list."""
    return [int(number) for number in re.findall(r'data-test="row" data-instance="(\d+)"', page)]


def causes(page: str) -> list[str]:
    return [text.strip() for text in re.findall(r'data-test="cause">([^<]*)', page)]


def cases(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'data-test="case" data-instance="(\d+)"', page)]
