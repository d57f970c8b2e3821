"""A GPX file's bytes as UTF-8, whatever its first line claims."""

from __future__ import annotations

import codecs
import re
from typing import Final

from carryover.errors import DecodeError

CHUNK: Final = 1 << 16
UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
DECLARED: Final = re.compile(rb'\s*<\?xml[^>]*encoding\s*=\s*["\']([A-Za-z0-9._-]+)')
HEAD: Final = 400
ONE_BYTE: Final = ("iso8859", "latin", "cp", "koi8", "mac", "gb", "big5", "euc_", "shift_jis")
"""Beginnings of the codecs' names that a file may be in; others (idna, zlib) are no alphabets."""


def utf8(content: bytes) -> bytes:
    """Return the text in UTF-8 without a byte order mark; the declaration may be wrong.

    A byte order mark decides; else what is sound UTF-8 is UTF-8 (no other text is, by chance);
    else the declared alphabet counts; else unreadable letters are replaced.
    """
    if content[:2] in UTF16:
        return content.decode("utf-16", errors="replace").encode("utf-8", errors="replace")
    bare = content.removeprefix(codecs.BOM_UTF8)
    return bare if _is_utf8(bare) else _from_declared(bare).encode("utf-8", errors="replace")


def _is_utf8(content: bytes) -> bool:
    if content.isascii():
        return True
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(content), CHUNK):
            decoder.decode(content[start : start + CHUNK])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _from_declared(content: bytes) -> str:
    declared = DECLARED.match(content[:HEAD])
    try:
        codec = codecs.lookup(declared.group(1).decode("ascii") if declared else "utf-8").name
        if codec.startswith(ONE_BYTE):
            return content.decode(codec)
    except (UnicodeError, LookupError):
        pass
    return content.decode("utf-8", errors="replace")


MAX_POINTS: Final = 400_000
"""More than four days of one a second: what is larger takes half a gigabyte."""
MAX_LAPS: Final = 10_000


def check_size(text: bytes) -> bytes:
    """Return a text that holds no more points and laps than can be read; raises DecodeError."""
    n = (text.count(b"trkpt") + text.lower().count(b"trackpoint>")) // 2
    if n > MAX_POINTS or text.count(b"StartTime") > MAX_LAPS:
        what = f"more than {MAX_POINTS:,} points or {MAX_LAPS:,} laps in one file"
        raise DecodeError(what, remedy="Export its activities apart.")
    return text
