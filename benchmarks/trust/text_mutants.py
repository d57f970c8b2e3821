"""GPX, TCX and CSV files spoilt as their formats allow, and archives that lie about themselves."""

# ruff: noqa: E501 - texts of files stand as they are written

from __future__ import annotations

import gzip
import io
import random
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Sequence
from typing import Final

NUMBERS: Final = (
    b"NaN", b"INF", b"-inf", b"999", b"1e309", b"-1e9", b"", b" ", b"0", b"1_0", b"12,5", b"0x10",
    b"\xd9\xa3", b"1e-400", b"9" * 400,
)  # fmt: skip
TIMES: Final = (
    b"0001-01-01T00:00:00Z", b"9999-12-31T23:59:59Z", b"2024-02-30T00:00:00Z", b"1989-12-31T00:00:00Z",
    b"2107-01-01T00:00:00Z", b"2024-05-04T24:00:00Z", b"2024-05-04T23:59:60Z", b"2024-05-04",
    b"2024-05-04T09:00:00+25:00", b"2024-05-04T09:00:00-14:30", b"T", b"2024-W18-6T00:00:00Z",
    b"2024-05-04T09:00:00.999999999999Z", b"05/06/2024 09:00", b"2024-05-04T16:00:00Z",
)  # fmt: skip
PIECES: Final = (
    b"<!-- -- -->", b"<![CDATA[<trkpt/>]]>", b"&amp;&#0;&#x110000;", b"&unknown;", b"<a:b:c/>",
    b"]]>", b"<?php x?>", b"\x00", b"\xff\xfe", b"<x/>" * 50, b"<", b"\xed\xa0\x80", b"<" + b"a" * 70_000 + b">",
    b"\xef\xbb\xbf", b"x" * 200_000,
)  # fmt: skip
DTD: Final = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
CELLS: Final = (
    "=cmd|' /C calc'!A0", "@SUM(1)", "+1", "-1", '"', '""', '"a\nb"', ";", "\t", "05/06/2024", "1e309",
    "NaN", "12,5", "\x00", "9" * 400, "30.02.2024", "2024-02-30", "0001-01-01", "9999-12-31",
    "2107-01-01", "1989-12-31", "x" * 100_000, "\u202e\u0007\x1b[31m", "<script>", "", " ",
)  # fmt: skip
NAMES: Final = (
    "../../x.fit", "/etc/x.fit", "C:\\x.fit", "x\0y.fit", "n" * 65_535, "__MACOSX/._x.fit", "a/", "",
    "#error#.fit", "x\x1b[2J.fit", "same.fit", "same.fit",
)  # fmt: skip


def xml_mutant(content: bytes, rng: random.Random) -> bytes:  # noqa: C901, PLR0912 - a list of ways
    """Spoil one GPX or TCX file in one to six ways."""
    for _ in range(rng.choice((1, 1, 2, 3, 6))):
        tags = [match.span() for match in re.finditer(rb"<[^<>]+>", content)]
        if not tags:
            break
        begin, end = rng.choice(tags)
        way = rng.randrange(12)
        if way == 0:
            content = content[:begin] + content[end:]
        elif way == 1:
            content = content[:end] + content[begin:end] * rng.choice((1, 3, 80)) + content[end:]
        elif way == 2:
            deep = rng.choice((10, 63, 70, 3000))
            content = content[:begin] + b"<d>" * deep + b"</d>" * deep + content[begin:]
        elif way == 3:
            content = _replaced(content, rb'="[^"]*"', b'="' + rng.choice(NUMBERS) + b'"', rng)
        elif way == 4:
            content = _replaced(content, rb">[^<>]+<", b">" + rng.choice(NUMBERS) + b"<", rng)
        elif way == 5:
            content = _replaced(content, rb"\d{4}-\d\d-\d\dT[^<\"]*", rng.choice(TIMES), rng)
        elif way == 6:
            content = content[:begin] + rng.choice(PIECES) + content[begin:]
        elif way == 7:
            content = (
                DTD + content if rng.random() < 0.5 else content[:begin] + DTD + content[begin:]
            )
        elif way == 8:
            text = content.decode("utf-8", "replace")
            content = text.encode(
                rng.choice(("utf-16", "utf-16-le", "utf-32", "cp1252")), "replace"
            )
        elif way == 9:
            content = content.replace(b"xmlns", rng.choice((b"xmlns:x", b"ns", b"xmlns:gpx")), 2)
        elif way == 10:
            content = content[: rng.randrange(1, len(content))]
        else:
            first, last = sorted((begin, rng.choice(tags)[0]))
            content = content[:first] + content[last:]
    return content


def _replaced(content: bytes, pattern: bytes, new: bytes, rng: random.Random) -> bytes:
    """Put something else in the place of one match, or of all behind it."""
    found = [match.span() for match in re.finditer(pattern, content)]
    if not found:
        return content
    begin, end = rng.choice(found)
    if rng.random() < 0.2:
        return content[:begin] + re.sub(pattern, lambda _: new, content[begin:])
    return content[:begin] + new + content[end:]


def csv_mutant(content: bytes, rng: random.Random) -> bytes:  # noqa: C901 - a list of ways
    """Spoil one table in one to six ways."""
    lines = content.decode("utf-8").splitlines(keepends=True)
    for _ in range(rng.choice((1, 1, 2, 3, 6))):
        at, way = rng.randrange(len(lines)), rng.randrange(10)
        cells = lines[at].rstrip("\n").split(",")
        if way == 0:
            cells[rng.randrange(len(cells))] = rng.choice(CELLS)
            lines[at] = ",".join(cells) + "\n"
        elif way == 1:
            lines[at] = ",".join([*cells, *["x"] * rng.choice((1, 5, 500))]) + "\n"
        elif way == 2:
            lines[at] = ",".join(cells[: rng.randrange(len(cells))]) + "\n"
        elif way == 3:
            lines.insert(at, lines[0])
        elif way == 4:
            place = rng.randrange(len(lines[at]))
            lines[at] = lines[at][:place] + rng.choice('"\x00\r\n;\t,') + lines[at][place:]
        elif way == 5:
            lines = [line.replace(",", rng.choice(";\t|")) for line in lines]
        elif way == 6:
            lines[at:at] = [lines[at]] * rng.choice((1, 30))
        elif way == 7:
            lines[at:at] = ["\n", ",,,,\n"]
        elif way == 8:
            lines[0] = lines[0].upper() if rng.random() < 0.5 else "sep=;\n" + lines[0]
        else:
            rng.shuffle(cells)
            lines[at] = ",".join(cells) + "\n"
    text = "".join(lines)
    coding = rng.choice(("utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "latin-1"))
    told = text.encode(coding, "replace")
    return told[: rng.randrange(1, len(told))] if rng.random() < 0.1 and len(told) > 1 else told


def zipped(members: Sequence[tuple[str, bytes]], *, stored: bool = False) -> bytes:
    """Return an archive of members by name, names as they are and as often as they come."""
    held = io.BytesIO()
    method = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with warnings.catch_warnings(), zipfile.ZipFile(held, "w", method) as archive:
        warnings.simplefilter("ignore")
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name or "x", (2024, 5, 4, 9, 0, 0)), content, method)
    return held.getvalue()


def overlapping(n: int, size_bytes: int) -> bytes:
    """Return an archive of n members that all are the same bytes: n times as much as there is."""
    one = zipped([("bomb.fit", _kernel(size_bytes))])
    begin, tail = one.index(b"PK\x01\x02"), one.index(b"PK\x05\x06")
    entry = bytearray(one[begin:tail])
    told = b"".join(
        bytes(entry).replace(b"bomb.fit", f"b{i:03d}.fit"[:8].encode()) for i in range(n)
    )
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, n & 0xFFFF, n & 0xFFFF, len(told), begin, 0)
    return one[:begin] + told + end


def _kernel(size_bytes: int) -> bytes:
    return b"\x0e\x10\0\0\0\0\0\0.FIT\0\0" + bytes(size_bytes)


def archive_mutant(  # noqa: C901 - a list of ways
    members: Sequence[tuple[str, bytes]], rng: random.Random
) -> bytes:
    """Make one archive, and let it lie."""
    chosen = [(rng.choice((*NAMES, name)), content) for name, content in rng.sample(members, 3)]
    for _ in range(rng.choice((0, 0, 1, 2, 4))):
        chosen = [("inner.zip", zipped(chosen)), rng.choice(members)]
    if rng.random() < 0.25:
        return _gzip_mutant(rng.choice(chosen)[1], rng)
    held = bytearray(zipped(chosen, stored=rng.random() < 0.3))
    central = held.index(b"PK\x01\x02")
    way = rng.randrange(9)
    if way == 0:
        struct.pack_into("<L", held, central + 24, rng.choice((0, 10, 2**32 - 1)))
    elif way == 1:
        struct.pack_into("<L", held, central + 20, rng.choice((0, 1, 2**31)))
    elif way == 2:
        struct.pack_into("<L", held, central + 42, rng.choice((0, 1, 2**32 - 1)))
    elif way == 3:
        held[central + 8] |= 1
    elif way == 4:
        held[central + 10] = rng.choice((1, 9, 12, 14, 95, 99))
    elif way == 5:
        del held[rng.randrange(central, len(held)) :]
    elif way == 6:
        struct.pack_into("<HH", held, len(held) - 14, 0xFFFF, 0xFFFF)
    elif way == 7:
        return overlapping(rng.choice((2, 50, 900)), 1 << 20)
    else:
        for _ in range(rng.choice((1, 4, 20))):
            held[rng.randrange(len(held))] = rng.randrange(256)
    return bytes(held)


def _gzip_mutant(content: bytes, rng: random.Random) -> bytes:
    packed = gzip.compress(content, mtime=0)
    way = rng.randrange(6)
    if way == 0:
        return packed + packed
    if way == 1:
        return packed + rng.randbytes(40)
    if way == 2:
        return packed[: rng.randrange(2, len(packed))]
    if way == 3:
        return gzip.compress(_kernel(rng.choice((1 << 20, 70 << 20))), mtime=0)
    if way == 4:
        return packed[:10] + zlib.compress(content)[2:-4] + rng.randbytes(8)
    spoilt = bytearray(packed)
    spoilt[rng.randrange(len(spoilt))] ^= 1 << rng.randrange(8)
    return bytes(spoilt)
