"""Do the next while this one is being used: an iterator that runs one step ahead in a thread."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")


def ahead(items: Iterator[Item]) -> Iterator[Item]:
    """Yield items; while one is in use, the next is made in another thread.

    At most two exist at a time. What making one raises is raised here, in its turn.
    """
    with ThreadPoolExecutor(1, "ahead") as thread:
        coming: Future[list[Item]] = thread.submit(_next, items)
        while made := coming.result():
            coming = thread.submit(_next, items)
            yield made.pop()


def _next(items: Iterator[Item]) -> list[Item]:
    """Return the next item in a list of one; empty at the end."""
    return list(islice(items, 1))
