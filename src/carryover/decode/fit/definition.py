"""Definition messages as they lie in a file."""

from __future__ import annotations

from dataclasses import dataclass

from carryover.decode.fit.layout import FIELD_BYTES, HEAD_BYTES
from carryover.decode.fit.resume import DEVELOPER


@dataclass(slots=True)
class Definition:
    """A definition as it lies in the file; `number` is its kind's (0: what is declared changed)."""

    body: bytes
    developer: tuple[tuple[int, int, int], ...]
    number: int = 0
    declares: bool = False


def read_definition(
    content: bytes, position: int, end: int
) -> tuple[bytes, tuple[tuple[int, int, int], ...], int]:
    """Return a definition's body, its developer fields (number, size, index), and what follows."""
    head = position + 1 + HEAD_BYTES
    if head > end:
        raise EOFError
    after = head + FIELD_BYTES * content[head - 1]
    # The first byte of the body is reserved: it must not make two kinds of one.
    body = b"\0" + content[position + 2 : after]
    developer: list[tuple[int, int, int]] = []
    if content[position] & DEVELOPER and after < end:
        begin = after + 1
        after = begin + FIELD_BYTES * content[after]
        developer = [
            (content[i], content[i + 1], content[i + 2])
            for i in range(begin, min(after, end - 2), FIELD_BYTES)
            if content[i + 1]
        ]
    elif content[position] & DEVELOPER:
        raise EOFError
    if after > end:
        raise EOFError
    if 0 in body[HEAD_BYTES + 1 :: FIELD_BYTES]:
        body = _without_empty(body)
    return body, tuple(developer), after


def _without_empty(body: bytes) -> bytes:
    """Return a definition without its fields of size 0, which would cost time and hold nothing."""
    told = (body[i : i + FIELD_BYTES] for i in range(HEAD_BYTES, len(body), FIELD_BYTES))
    fields = [field for field in told if field[1]]
    return body[: HEAD_BYTES - 1] + bytes([len(fields)]) + b"".join(fields)
