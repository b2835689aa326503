"""Fixtures of the engine's tests."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

ENOUGH_TO_BE_WAITING = 0.4  # seconds


@pytest.fixture
def beside() -> Iterator[Callable[..., Future[Any]]]:
    """Runs something in a thread of its own and gives it the time to reach the lock."""
    with ThreadPoolExecutor(1) as pool:

        def start(work: Callable[..., Any], *values: object) -> Future[Any]:
            future = pool.submit(work, *values)
            time.sleep(ENOUGH_TO_BE_WAITING)
            return future

        yield start
