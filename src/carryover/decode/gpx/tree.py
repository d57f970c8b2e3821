"""A plain XML text as arrays: every tag with its kind, depth and name, proven well formed.

Plain means: no comment, CDATA section, processing instruction, DTD or numbered character, `<`
and `>` in turn, few different tags beside `<trkpt …>`. All else is somebody else's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import numpy as np

from carryover.decode.gpx.interning import interned
from carryover.decode.gpx.texts import Flags, Ints, windows
from carryover.decode.gpx.words import BLANK, MAX_DEPTH

NAME: Final = rb"[A-Za-z_][A-Za-z0-9._-]*(?::[A-Za-z_][A-Za-z0-9._-]*)?"
ATTRIBUTE: Final = rb"[ \t\r\n]+(" + NAME + rb")[ \t\r\n]*=[ \t\r\n]*(?:\"[^\"<]*\"|'[^'<]*')"
UNNAMED: Final = ATTRIBUTE.replace(b"(" + NAME + b")", NAME)
TAG: Final = re.compile(
    rb"<(" + NAME + rb")((?:" + UNNAMED + rb")*)[ \t\r\n]*(/?)>|</(" + NAME + rb")[ \t\r\n]*>"
)
ATTRIBUTES: Final = re.compile(ATTRIBUTE)
DECLARATION: Final = re.compile(
    rb"<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*[\"']1\.[0-9][\"']"
    rb"(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*[\"'][A-Za-z][A-Za-z0-9._-]*[\"'])?"
    rb"(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*[\"'](?:yes|no)[\"'])?[ \t\r\n]*\?>"
)
LONGEST_DECLARATION: Final = 400
KNOWN_ENTITY: Final = re.compile(rb"&(?:amp|lt|gt|quot|apos);")
NO_LETTERS: Final = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
"""U+FFFE and U+FFFF, which XML forbids."""
POINT: Final = b"<trkpt"
SHORTEST_POINT: Final = len(b'<trkpt lat="" lon="">')
MIN_BYTES_PER_TAG: Final = 6
MAX_BYTES: Final = 1 << 31
OTHERS: Final = np.frombuffer(b"!?", np.uint8)
"""What follows `<` in comments, sections, instructions and DTDs."""
SPACES: Final = np.frombuffer(BLANK.encode(), np.uint8)

Letters = np.ndarray[tuple[int], np.dtype[np.uint8]]
Small = np.ndarray[tuple[int], np.dtype[np.int16]]


@dataclass(frozen=True, slots=True)
class Name:
    """A tag's name and its step in depth: 1 opens, −1 closes, 0 does both."""

    name: str
    step: int


@dataclass(frozen=True, slots=True)
class Tree:
    """Tag i is `text[start[i]:stop[i]]`; the text after it ends at `start[i + 1]`.

    `depth` is 1 for the root, the same for both ends of an element. `number` indexes `names`;
    tags of points with attributes have the number −1, and `step` 1 or 0.
    """

    text: bytes
    start: Ints
    stop: Ints
    step: Small
    depth: Small
    number: Ints
    names: list[Name]


def plain_tree(text: bytes) -> Tree | None:
    """Return the tags of a text in UTF-8, or None where any doubt is left."""
    data = np.frombuffer(text, np.uint8)
    if len(text) >= MAX_BYTES or not _sound_letters(text, data):
        return None
    body = _body(text)
    opens, closes = data[body:] == ord("<"), data[body:] == ord(">")
    n_tags = int(np.count_nonzero(opens))
    if n_tags != np.count_nonzero(closes) or not 0 < n_tags * MIN_BYTES_PER_TAG <= len(text):
        return None
    start, stop = np.flatnonzero(opens) + body, np.flatnonzero(closes) + body + 1
    if not _in_turn(start, stop) or np.isin(data[start + 1], OTHERS).any():
        return None
    if text[body : start[0]].strip() or text[stop[-1] :].strip():
        return None
    return _tree(text, data, start, stop)


def _body(text: bytes) -> int:
    """Where the first tag may begin: after the declaration."""
    head = len(text) - len(text.lstrip())
    declared = DECLARATION.match(text, head, head + LONGEST_DECLARATION)
    return declared.end() if declared else head


def _sound_letters(text: bytes, data: Letters) -> bool:
    """No control characters, no entities but the five of XML itself."""
    low = data[data < ord(" ")]
    if not np.isin(low, SPACES).all():
        return False
    if not text.isascii() and any(letter in text for letter in NO_LETTERS):
        return False
    n_entities = int(np.count_nonzero(data == ord("&")))
    return not n_entities or n_entities == len(KNOWN_ENTITY.findall(text))


def _in_turn(start: Ints, stop: Ints) -> bool:
    return bool((start < stop).all() and (stop[:-1] <= start[1:]).all())


def _tree(text: bytes, data: Letters, start: Ints, stop: Ints) -> Tree | None:
    point = _is_point(text, data, start, stop)
    other = ~point
    known = interned(text, start[other], stop[other])
    names = _names(known[1]) if known else None
    if known is None or names is None:
        return None
    number = np.full(len(start), -1, np.int64)
    number[other] = known[0]
    steps = np.array([name.step for name in names] + [0], np.int16)
    step = steps[number]
    # A point's tag closes itself where a slash stands before its end.
    step[point] = data[stop[point] - 2] != ord("/")
    depth = np.cumsum(step, dtype=np.int16) + (step <= 0)
    tree = Tree(text, start, stop, step, depth, number, names)
    return tree if _well_formed(tree) else None


def _is_point(text: bytes, data: Letters, start: Ints, stop: Ints) -> Flags:
    """Whether each tag is `<trkpt`, white space and attributes."""
    point = np.zeros(len(start), np.bool_)
    wide = np.flatnonzero(stop - start >= SHORTEST_POINT)
    begin = start[wide]
    named = windows(text, begin, len(POINT)).view(f"S{len(POINT)}").ravel() == POINT
    point[wide] = named & np.isin(data[begin + len(POINT)], SPACES)
    return point


def _names(tags: list[bytes]) -> list[Name] | None:
    names = [_name(tag) for tag in tags]
    return [name for name in names if name] if all(names) else None


def _name(tag: bytes) -> Name | None:
    match = TAG.fullmatch(tag)
    if match is None:
        return None
    opened, attributes, slash, closed = match.groups()
    if closed:
        return Name(closed.decode("ascii"), -1)
    held = ATTRIBUTES.findall(attributes)
    if len(set(held)) != len(held):
        return None
    return Name(opened.decode("ascii"), 0 if slash else 1)


def _well_formed(tree: Tree) -> bool:
    """One root; at each depth tags open and close in turn, and by the same name."""
    depth, step = tree.depth, tree.step
    inside = depth - (step <= 0)  # how deep the text after each tag is
    if inside[-1] != 0 or (inside[:-1] < 1).any() or depth.max() > MAX_DEPTH:
        return False
    by_name = dict.fromkeys(name.name for name in tree.names) | {POINT[1:].decode(): None}
    order = {name: i for i, name in enumerate(by_name)}
    called = np.array(
        [order[name.name] for name in tree.names] + [order[POINT[1:].decode()]], np.int16
    )
    paired = np.flatnonzero(step)
    paired = paired[np.argsort(depth[paired], kind="stable")]
    opening, closing = paired[::2], paired[1::2]
    if len(opening) != len(closing) or (step[opening] != 1).any():
        return False
    same = called[tree.number[opening]] == called[tree.number[closing]]
    return bool((step[closing] == -1).all() and same.all())
