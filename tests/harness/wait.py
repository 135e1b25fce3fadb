"""Waiting for something to become true, with a deadline. No test sleeps for its own sake."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

# Between two looks. A look costs a request or a process, so more often only takes the processor from what is awaited.
LOOK_EVERY_SECONDS = 0.05

# Where the machine is shared, one start of a container was seen to take ten seconds, and an awaited end may need several.
WITHIN_SECONDS = 60.0


def until(what: str, look: Callable[[], T], within: float = WITHIN_SECONDS, every: float = LOOK_EVERY_SECONDS) -> T:
    """Looks until something true comes back, and gives that. `what` says in the failure what did not happen."""
    deadline = time.monotonic() + within
    while True:
        seen = look()
        if seen:
            return seen
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within:g} s: {what}; last seen: {seen!r}")
        time.sleep(every)
