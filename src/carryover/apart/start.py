"""Start the process that reads, before anything heavy is imported here: both load side by side."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Final, Self

MAIN: Final = "carryover.apart.child"

LASTING: Final = {
    "MALLOC_MMAP_THRESHOLD_": str(32 << 20), "MALLOC_TRIM_THRESHOLD_": str(256 << 20),
    "_RJEM_MALLOC_CONF": "dirty_decay_ms:10000,muzzy_decay_ms:10000",
}  # fmt: skip
"""What the C library and polars are told: to keep freed memory for the next batch. Else the system
takes it back and fills it with zeros again, which is a fifth of all the time that reading takes."""


class Started:
    """A process that is loading what it reads with; as a context it ends at the latest behind it.

    `main` is the module that it runs. It is the leader of its own group, so that a key pressed at
    the terminal does not reach it, and holds nothing of this process but its end of `line`.
    """

    def __init__(self, main: str = MAIN) -> None:
        self.line, theirs = socket.socketpair()
        held, self._lifeline = os.pipe()
        self._words = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
        self.process = subprocess.Popen(  # noqa: S603 - this very program
            [sys.executable, "-P", "-m", main, str(theirs.fileno()), str(held)],
            pass_fds=(theirs.fileno(), held), env=LASTING | os.environ | {"PYTHONPATH": _path()},
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self._words,
            start_new_session=True,
        )  # fmt: skip
        theirs.close()
        os.close(held)
        self._is_open = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self.close()

    def kill(self) -> None:
        """End the process, whatever it does, and all that it started."""
        # A group that was waited for has given its number back: it may be another's by now.
        if self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def close(self) -> None:
        """End the process and let go of all that belongs to it; harmless where that is done."""
        if not self._is_open:
            return
        self._is_open = False
        self.kill()
        self.process.wait()
        os.close(self._lifeline)
        self.line.close()
        self._words.close()

    def last_word(self) -> str:
        """Return the last line that the process wrote before it could speak; else its code."""
        self._words.seek(0)
        said = self._words.read().decode("utf-8", "replace").strip().splitlines()
        return said[-1] if said else f"it ended with {self.process.returncode}"


def _path() -> str:
    """Return where this process finds its modules; the other must find the same ones."""
    return os.pathsep.join(str(Path(folder).resolve()) for folder in sys.path)
