"""GPX as nearly every app writes it, read as arrays of bytes; None where any doubt is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from carryover.decode.gpx.cells import Cells, Skeleton, tracks_of
from carryover.decode.gpx.interning import interned
from carryover.decode.gpx.texts import Flags, Ints, Texts
from carryover.decode.gpx.track import Tracks
from carryover.decode.gpx.tree import ATTRIBUTES, TAG, Tree, plain_tree
from carryover.decode.gpx.words import EXTENSIONS, POINT, SEGMENT, STRUCTURE, TRACK, extension

WORDS: Final = (*STRUCTURE, *dict.fromkeys(EXTENSIONS.values()))
CELLS: Final = ("ele", "time", *dict.fromkeys(EXTENSIONS.values()))
Meanings = np.ndarray[tuple[int], np.dtype[np.int8]]
QUOTES: Final = 4
"""Two attributes: lat and lon, in any order."""
ENTITIES: Final = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))
"""In the order in which they can be replaced."""


def read_plain(text: bytes) -> Tracks | None:
    """Read a plain GPX text in UTF-8, or return None: then `read_streamed` has to.

    Where both read, they give the same. Wants points with lat and lon alone, in double quotes.
    """
    tree = plain_tree(text)
    if tree is None:
        return None
    meanings = _meanings(tree)
    if meanings is None:
        return None
    layout = _layout(tree, meanings)
    if layout is None:
        return None
    places = _places(tree, layout.points)
    if places is None:
        return None
    return tracks_of(layout.skeleton, places | _cells(tree, meanings, layout))


@dataclass(frozen=True, slots=True)
class _Layout:
    """Opening tags of the points, and where these belong."""

    points: Ints
    skeleton: Skeleton


def _meanings(tree: Tree) -> Meanings | None:
    """Return what each tag opens as an index of WORDS, −1 for the rest; None where it is no GPX."""
    prefix, colon, root = tree.names[tree.number[0]].name.rpartition(":")
    # Tags named <trkpt …> belong to a GPX without a prefix only.
    if root != "gpx" or tree.number[0] < 0 or (colon and (tree.number < 0).any()):
        return None
    structure = {f"{prefix}{colon}{word}": word for word in STRUCTURE}
    meaning = np.full(len(tree.names) + 1, -1, np.int8)
    for i, name in enumerate(tree.names):
        word = structure.get(name.name) or extension(name.name)
        if word and name.step >= 0:
            meaning[i] = WORDS.index(word)
    meaning[-1] = WORDS.index("trkpt")
    return meaning[tree.number]


def _opened(meanings: Meanings, word: str) -> Ints:
    """The tags that open something of this meaning."""
    return np.flatnonzero(meanings == WORDS.index(word))


def _layout(tree: Tree, meanings: Meanings) -> _Layout | None:
    """Every track, segment and point in its own place, or None."""
    tracks, segments, points = (_opened(meanings, word) for word in ("trk", "trkseg", "trkpt"))
    if not (
        (tree.depth[tracks] == TRACK).all()
        and (tree.depth[segments] == SEGMENT).all()
        and _inside(tree, segments, TRACK, tracks)
        and (tree.depth[points] == POINT).all()
        and _inside(tree, points, SEGMENT, segments)
    ):
        return None
    track_of_segment = np.searchsorted(tracks, segments) - 1
    segment = np.searchsorted(segments, points) - 1
    track = track_of_segment[segment]
    told = [_told(tree, meanings, begin, end) for begin, end in _spans(tree, tracks)]
    first_segment = np.searchsorted(segments, tracks)
    return _Layout(points, Skeleton(told, track, segment - first_segment[track]))


def _inside(tree: Tree, tags: Ints, depth: int, parents: Ints) -> bool:
    """Whether the element at `depth` around every tag is one of the parents."""
    opened = np.flatnonzero((tree.depth == depth) & (tree.step == 1))
    around = np.searchsorted(opened, tags) - 1
    return bool((around >= 0).all() and np.isin(opened[around], parents).all())


def _spans(tree: Tree, tracks: Ints) -> list[tuple[int, int]]:
    """First and one past the last tag of each track."""
    return list(zip(tracks.tolist(), [*tracks[1:].tolist(), len(tree.start)], strict=False))


def _told(tree: Tree, meanings: Meanings, begin: int, end: int) -> tuple[str | None, str | None]:
    """A track's name and type: the first text of each."""
    if tree.step[begin] == 0:
        return None, None
    # What follows this track at its own depth (metadata's name) is not its own.
    close = begin + 1 + int(np.argmax(tree.depth[begin + 1 : end] == TRACK))
    span = slice(begin, close)
    own = (tree.depth[span] == SEGMENT) & (tree.step[span] == 1)
    found = []
    for word in ("name", "type"):
        tags = np.flatnonzero(own & (meanings[span] == WORDS.index(word))) + begin
        texts = [_word(tree, tag) for tag in tags.tolist()]
        found.append(next((text for text in texts if text), None))
    return found[0], found[1]


def _word(tree: Tree, tag: int) -> str:
    text = tree.text[tree.stop[tag] : tree.start[tag + 1]].decode("utf-8")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for entity, letter in ENTITIES:
        text = text.replace(entity, letter)
    return text


def _places(tree: Tree, points: Ints) -> dict[str, Cells] | None:
    """The texts of lat and lon, or None where a point's tag is any other."""
    quotes = np.flatnonzero(np.frombuffer(tree.text, np.uint8) == ord('"'))
    start, stop = tree.start[points], tree.stop[points]
    first = np.searchsorted(quotes, start)
    if (np.searchsorted(quotes, stop) - first != QUOTES).any():
        return None
    quote = quotes[first[:, None] + np.arange(QUOTES)]
    lat_first = _lat_first(tree.text, (start, quote[:, 1] + 1, quote[:, 3] + 1),
                           (quote[:, 0], quote[:, 2], stop))  # fmt: skip
    if lat_first is None:
        return None
    rows = np.arange(len(points))
    one, two = (
        np.where(lat_first[:, None] == early, quote[:, :2], quote[:, 2:]) for early in (True, False)
    )
    return {
        name: Cells(rows, Texts(tree.text, pair[:, 0] + 1, pair[:, 1]))
        for name, pair in (("lat", one), ("lon", two))
    }


def _lat_first(
    text: bytes, starts: tuple[Ints, Ints, Ints], stops: tuple[Ints, Ints, Ints]
) -> Flags | None:
    """Whether lat comes before lon in each tag; None where a tag has another form.

    What stands around the values is a handful of forms; each is held against XML's grammar.
    """
    n_points = len(starts[0])
    known = interned(text, np.concatenate(starts), np.concatenate(stops))
    if known is None:
        return None
    parts, distinct = known[0].reshape(3, n_points), known[1]
    size = len(distinct)
    forms, form = np.unique((parts[0] * size + parts[1]) * size + parts[2], return_inverse=True)
    early = []
    for code in forms.tolist():
        a, b, c = code // size // size, code // size % size, code % size
        tag = b'"0"'.join((distinct[a], distinct[b], distinct[c]))
        match = TAG.fullmatch(tag)
        held = ATTRIBUTES.findall(match.group(2)) if match and match.group(2) else []
        if sorted(held) != [b"lat", b"lon"] or b"'" in tag:
            return None
        early.append(held[0] == b"lat")
    return np.array(early, np.bool_)[form]


def _cells(tree: Tree, meanings: Meanings, layout: _Layout) -> dict[str, Cells]:
    """The texts inside points by what they mean."""
    is_point = np.zeros(len(tree.start), np.bool_)
    is_point[layout.points] = True
    row = np.cumsum(is_point) - 1
    opened = (tree.depth == POINT) & (tree.step == 1)
    around = np.cumsum(opened) - 1
    opened_tags = np.flatnonzero(opened)
    cells = {}
    for name in CELLS:
        tags = _opened(meanings, name)
        depth = tree.depth[tags]
        deep = depth == POINT + 1 if name in {"ele", "time"} else depth > POINT
        tags = tags[deep & (tree.step[tags] == 1)]
        parent = opened_tags[around[tags]]
        tags, parent = tags[is_point[parent]], parent[is_point[parent]]
        texts = Texts(tree.text, tree.stop[tags], tree.start[tags + 1])
        cells[name] = Cells(row[parent], texts)
    return cells
