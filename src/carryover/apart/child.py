"""The process that reads: it takes one order, and hands over Reading after Reading when asked.

It ends with whoever started it, however that ends: a signal of the system's reaches it even
inside of native code, and a thread waits for the same.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pickle
import resource
import select
import signal
import socket
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from carryover.apart.parcel import pack
from carryover.apart.wire import Wire
from carryover.care import Care
from carryover.intake import Found
from carryover.rawfile import Stage
from carryover.reading import read_files
from carryover.settings import Settings

READY: Final = "ready"
AT: Final = "at"
READING: Final = "reading"
DONE: Final = "done"
FAULT: Final = "fault"
BROKE: Final = "broke"
MOST_WORDS: Final = 200
NO_MEMORY: Final = 98
"""The exit code of a reader whose system gave it no more memory."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be read."""

    files: Sequence[Found]
    settings: Settings
    known: frozenset[str]
    care: Care


def main() -> int:
    """Read what is ordered; the arguments are the descriptors of the line and the lifeline."""
    line, lifeline = (int(told) for told in sys.argv[1:3])
    _die_with_the_parent(lifeline)
    _be_modest()
    wire = Wire(socket.socket(fileno=line))
    try:
        wire.say(READY)
        while wire.hear() is not None:
            with os.fdopen(wire.descriptor(), "rb") as stream:
                stream.seek(0)
                order = pickle.load(stream)  # noqa: S301 - from the process that started this one
            # From here on a library's last words are about a file, and the parent tells of that.
            with Path(os.devnull).open("wb") as nothing:
                os.dup2(nothing.fileno(), sys.stderr.fileno())
            _serve(wire, order)
    except OSError as error:
        with contextlib.suppress(OSError):
            wire.say(FAULT, error.errno, error.strerror or str(error))
    except MemoryError:
        os._exit(NO_MEMORY)
    except BaseException as odd:
        wire.say(BROKE, f"{type(odd).__name__}: {odd}"[:MOST_WORDS])
        raise
    return 0


def _serve(wire: Wire, order: Order) -> None:
    """Make a Reading, and the next whenever one is asked for: no more than one waits for use."""

    def tell(stage: Stage | None, hashes: Sequence[str], size_bytes: int, step: int = 0) -> None:
        wire.say(AT, stage, list(hashes), size_bytes, step)

    care = replace(order.care, tell=tell)
    readings = read_files(order.files, order.settings, order.known, care)
    while (reading := next(readings, None)) is not None:
        descriptor, label = pack(reading)
        del reading
        wire.say(READING, label.text(), descriptor=descriptor)
        os.close(descriptor)
        if wire.hear() is None:
            return
    wire.say(DONE)


def _die_with_the_parent(lifeline: int) -> None:
    """End as soon as nobody holds the other end of the lifeline.

    Linux sends SIGIO, which ends a process even where Python's lock is held; a thread waits too.
    """
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    flags = fcntl.fcntl(lifeline, fcntl.F_GETFL)
    fcntl.fcntl(lifeline, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(lifeline, fcntl.F_SETFL, flags | getattr(os, "O_ASYNC", 0))
    if select.select([lifeline], [], [], 0)[0]:
        os._exit(1)

    def wait() -> None:
        os.read(lifeline, 1)
        os._exit(1)

    threading.Thread(target=wait, name="lifeline", daemon=True).start()


def _be_modest() -> None:
    """Leave no image of the memory behind, and be the first to go where memory runs out."""
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", "ascii")


if __name__ == "__main__":
    sys.exit(main())
