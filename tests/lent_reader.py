"""One process that reads for many homes of the tests: a start costs more than small files do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from unittest.mock import patch

from carryover import app
from carryover.apart.reader import Apart
from carryover.apart.start import MAIN, Started
from carryover.apart.watch import Watched
from carryover.settings import Machine, Settings


class Lent(Apart):
    """A reader as any other, whose process goes back to the shelf where it has done all its work.

    With limits or a process of its own it is an ordinary one.
    """

    shelf: list[Watched]

    def __init__(
        self, settings: Settings, started: Started | None = None, main: str = MAIN
    ) -> None:
        self._is_lent = started is None and main == MAIN and settings.machine == Machine()
        if self._is_lent and self.shelf:
            self._settings, self._main = settings, main
            self._watched = self.shelf.pop()
        else:
            super().__init__(settings, started, main)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        if self._is_lent and kind is None and self._watched:
            self.shelf.append(self._watched)
            self._watched = None
        super().__exit__(kind, error, trace)


@contextmanager
def lent_readers() -> Iterator[None]:
    """Let `app` read through processes that are lent; they end with the context."""
    shelf: list[Watched] = []
    with patch.object(app, "Apart", type("Lent", (Lent,), {"shelf": shelf})):
        try:
            yield
        finally:
            for watched in shelf:
                watched.close()
