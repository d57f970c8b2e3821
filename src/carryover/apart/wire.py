"""What the two processes say to each other: a line of JSON, with memory beside it or not."""

from __future__ import annotations

import json
import os
import socket
from collections import deque
from typing import Any, Final

CHUNK: Final = 1 << 16
MOST_DESCRIPTORS: Final = 4
UNSHARED: Final = getattr(socket, "MSG_CMSG_CLOEXEC", 0)
"""What comes is not handed on to programs that are started later."""


class Wire:
    """One end of a line between two processes; raises OSError where the other end is gone."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end
        self._held = bytearray()
        self._descriptors: deque[int] = deque()

    def fileno(self) -> int:
        """Return what `select` waits for."""
        return self._end.fileno()

    def say(self, *words: Any, descriptor: int | None = None) -> None:  # noqa: ANN401 - JSON
        """Send one line; memory that goes with it stays open here, too."""
        line = json.dumps(words).encode() + b"\n"
        if descriptor is not None:
            sent = socket.send_fds(self._end, [line], [descriptor])
            line = line[sent:]
        self._end.sendall(line)

    def hear(self) -> list[list[Any]] | None:
        """Wait for lines and return them; None where the other end is closed."""
        told, descriptors, _, _ = socket.recv_fds(self._end, CHUNK, MOST_DESCRIPTORS, UNSHARED)
        self._descriptors.extend(descriptors)
        if not told:
            return None
        self._held += told
        *lines, rest = self._held.split(b"\n")
        self._held = bytearray(rest)
        return [json.loads(line) for line in lines]

    def descriptor(self) -> int:
        """Return memory that came with a line, in its turn."""
        return self._descriptors.popleft()

    def close(self) -> None:
        """Close this end, and what nobody took from it."""
        self._end.close()
        while self._descriptors:
            os.close(self._descriptors.popleft())
