"""One step ahead: the same items in the same order, and never more than two at a time."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.ahead import ahead


@given(st.lists(st.integers()))
def test_items_come_in_their_order(items):
    """Every item comes once, in order, and made by another thread."""
    makers = set()

    def made():
        for item in items:
            makers.add(threading.get_ident())
            yield item

    assert list(ahead(made())) == items
    assert threading.get_ident() not in makers


def test_only_one_item_is_made_ahead():
    """While an item is in use at most the next one exists: memory stays bounded."""
    made = []

    def items():
        for number in range(20):
            made.append(number)
            yield number

    for number in ahead(items()):
        assert len(made) <= number + 2


def test_what_making_an_item_raises_comes_in_its_turn():
    """Items made before a fault are handed out first; then the fault itself is raised."""

    def items():
        yield 1
        yield 2
        raise OSError("the disk is gone")

    got = []
    with pytest.raises(OSError, match="the disk is gone"):
        got.extend(ahead(items()))
    assert got == [1, 2]


def test_a_user_who_stops_early_leaves_no_thread_behind():
    """Breaking off ends the helper thread."""
    before = threading.active_count()
    items = ahead(iter(range(1000)))
    next(items)
    items.close()
    assert threading.active_count() == before
