"""The process that reads, with faults planted: `python -m benchmarks.trust.worker_planted`.

A content that holds `PLANT:<fault>:<stage>;` brings that fault about at that stage; at the stage
`open` it must stand in the file itself, at `behind` in what comes out of an archive just before.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from carryover import reading
from carryover.apart import child

MARK: Final = re.compile(rb"PLANT:(\w+):(\w+);")
BLOCK_BYTES: Final = 32 << 20


def _sleep() -> None:
    time.sleep(1e6)


def _turn() -> None:
    while True:
        pass


def _match() -> None:
    # One call of native code that does not let go of Python's lock.
    re.match(r"(a+)+$", "a" * 60 + "b")


def _grow() -> None:
    held = []
    while True:
        held.append(bytearray(b"x") * BLOCK_BYTES)


def _assert() -> None:
    raise AssertionError("planted")


FAULTS: Final[Mapping[str, Callable[[], object]]] = {
    "sleep": _sleep, "turn": _turn, "match": _match, "grow": _grow, "assert": _assert,
    "crash": lambda: ctypes.string_at(0), "abort": os.abort, "exit": lambda: os._exit(3),
    "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
}  # fmt: skip
TOO_LONG: Final = r"reading it took longer than [\d,]+ s and was stopped"
REASONS: Final[Mapping[str, str]] = {
    "sleep": TOO_LONG, "turn": TOO_LONG, "match": TOO_LONG,
    "grow": r"reading it took more than [\d,]+ MB of memory and was stopped",
    "assert": r"the reader broke down at it \(AssertionError: planted\)",
    "crash": r"the reader broke down at it \(signal 11\)",
    "abort": r"the reader broke down at it \(signal 6\)",
    "exit": r"the reader broke down at it \(exit code 3\)",
    "kill": r"the reader broke down at it \(signal 9\)",
}  # fmt: skip
"""What a person is told of each fault."""


def mark(fault: str, stage: str) -> bytes:
    """Return what plants a fault in a content that ends with it."""
    return f"PLANT:{fault}:{stage};".encode()


def come_about(content: bytes, stage: str) -> None:
    """Bring about what is planted in a content for a stage; nothing where nothing is."""
    for fault, where in MARK.findall(content):
        if where.decode() == stage:
            FAULTS[fault.decode()]()


def plant() -> None:
    """Let every step of reading look for faults first."""
    decode_file, decode_fits = reading.decode_file, reading.decode_fit_batch
    normalise, normalise_fits = reading._normalised, reading.normalise_fit  # noqa: SLF001
    unpack = reading.unpack
    fits: dict[str, bytes] = {}

    def planted_file(leaf: Any) -> Any:  # noqa: ANN401 - as is
        come_about(leaf.content, "decode")
        return decode_file(leaf)

    def planted_fits(contents: Sequence[bytes], *told: Any) -> Any:  # noqa: ANN401
        for content in contents:
            come_about(content, "decode")
            fits[hashlib.sha256(content).hexdigest()] = content
        return decode_fits(contents, *told)

    def planted_told(leaf: Any, *told: Any) -> Any:  # noqa: ANN401
        come_about(leaf.content, "normalise")
        return normalise(leaf, *told)

    def planted_owners(messages: Any, owners: Sequence[Any], *told: Any) -> Any:  # noqa: ANN401
        for owner in owners:
            come_about(fits[owner.sha256], "normalise")
        return normalise_fits(messages, owners, *told)

    def planted_unpack(found: Any, *told: Any) -> Iterator[Any]:  # noqa: ANN401
        come_about(found.path.read_bytes(), "open")
        for held in unpack(found, *told):
            yield held
            come_about(getattr(held, "content", b""), "behind")

    reading.decode_file, reading.decode_fit_batch = planted_file, planted_fits
    reading._normalised, reading.normalise_fit = planted_told, planted_owners  # noqa: SLF001
    reading.unpack = planted_unpack


if __name__ == "__main__":
    plant()
    sys.exit(child.main())
