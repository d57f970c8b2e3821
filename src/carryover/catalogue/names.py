"""Which exercise a name in free text means: a person's own list, then rules, then likeness.

Rules know case, accents, plurals, equipment, abbreviations and the order of words. Likeness
(rapidfuzz) forgives slips of the pen only: a word that the catalogue knows is never taken for a
slip of another one, so that abduction stays off adduction and press off raise; no word may be
left over; and where two exercises are about as near, none is taken. A wrong match is worse than
none. Scorer and thresholds are measured on tests/exercise_names.csv.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final, NamedTuple

from rapidfuzz import fuzz, process

from carryover.catalogue.exercises import exact_names, labels
from carryover.catalogue.spelling import plain_name

MIN_SCORE: Final = 84.0
MIN_WORD: Final = 78.0
"""Likeness (0–100) that a name, and in it a word with a slip, must reach."""
MARGIN: Final = 3.0
"""A name of another exercise that is as near as that leaves it open which one is meant."""
SCORERS: Final = (fuzz.ratio, fuzz.token_sort_ratio)
"""A slip in a first letter sorts a word elsewhere, so both orders are tried."""
REMEMBERED: Final = 10_000
MOST: Final = 50
"""Names that are looked at closely."""
SHORT: Final = 3
"""Words up to this length are too short for slips: hop, row, raw."""
NEGATIONS: Final = frozenset({
    "no", "not", "non", "without", "never", "ohne", "kein", "keine", "nicht", "sans", "pas", "sin",
    "senza", "sem", "zonder", "geen",
})  # fmt: skip
"""Words that turn a name round: never a slip of another word."""
NEAREST: Final = 60.0
"""Names less alike than that are no help."""

Own = Mapping[str, str | None]
"""A person's own names, as `plain_name` writes them → exercise; None is to be ignored."""
NO_NAMES: Final[Own] = MappingProxyType({})


class Match(NamedTuple):
    """An exercise, and how it was found: override, name or fuzzy (with its score, 0–100)."""

    exercise_id: str | None
    by: str | None
    score: float | None = None


class Near(NamedTuple):
    """An exercise whose name looks like one in question."""

    exercise_id: str
    name: str
    score: float


UNKNOWN: Final = Match(None, None)


def identify(raw: str | None, own: Own = NO_NAMES) -> Match:
    """Return the exercise that a name means; the person's own list decides before all else."""
    if not raw:
        return UNKNOWN
    if (plain := plain_name(raw)) in own:
        return Match(own[plain], "override")
    return _found(raw)


@lru_cache(maxsize=REMEMBERED)
def _found(raw: str) -> Match:
    """Look a name up once: an export says the same few names ten thousand times."""
    exercise_id = match_name(raw)
    return Match(exercise_id, "name") if exercise_id else match_fuzzy(raw)


def match_name(raw: str) -> str | None:
    """Return the exercise that goes by this name, else None; no guessing.

    Case, accents, punctuation, plurals, the order of words, abbreviations, and the words for
    equipment and grip do not matter.
    """
    if found := exact_names().get(plain_name(raw)):
        return found
    known = _by_words()
    for words in (_words(raw), _bare(_words(raw))):
        if found := known.get(_key(words)):
            return found
    return _by_letters().get("".join(_words(raw)))


def match_fuzzy(raw: str) -> Match:
    """Return the exercise whose name this is but for slips of the pen, and how like it is."""
    words = _words(raw)
    for tried in [words] if _bare(words) == words else [words, _bare(words)]:
        found = _slipped(tried)
        if found.exercise_id:
            return found
    return UNKNOWN


def _slipped(words: list[str]) -> Match:
    if not any(_may_slip(word) for word in words):
        return UNKNOWN
    found: dict[str, float] = {}
    for score, name in _alike(" ".join(words), MIN_SCORE - MARGIN):
        if _same_words(words, name.split()):
            exercise_id = _spoken()[name]
            found[exercise_id] = max(score, found.get(exercise_id, 0.0))
    ranked = sorted(((score, exercise_id) for exercise_id, score in found.items()), reverse=True)
    (best, exercise_id), (second, _), *_ = [*ranked, (0.0, ""), (0.0, "")]
    if best < MIN_SCORE or best - second < MARGIN:
        return UNKNOWN
    return Match(exercise_id, "fuzzy", round(best, 1))


def nearest(raw: str, n: int = 3) -> list[Near]:
    """Return up to n exercises whose names look like this one, the most alike first."""
    words = _words(raw)
    found: dict[str, float] = {}
    for query in (words, _bare(words)):
        for score, name in _alike(" ".join(query), NEAREST):
            exercise_id = _spoken()[name]
            found[exercise_id] = max(score, found.get(exercise_id, 0.0))
    best = sorted(found.items(), key=lambda item: (-item[1], item[0]))[:n]
    return [Near(exercise_id, labels()[exercise_id], round(s, 1)) for exercise_id, s in best]


def nearest_names(raw: str, n: int = 3) -> list[str]:
    """Return up to n catalogue names that look like this one, each of another exercise."""
    return [near.name for near in nearest(raw, n)]


def _alike(query: str, cutoff: float) -> list[tuple[float, str]]:
    """Return known names at least that like a text, words in their order or sorted."""
    best: dict[str, float] = {}
    for scorer in SCORERS if query else ():
        found = process.extract(
            query, list(_spoken()), scorer=scorer, score_cutoff=cutoff, limit=MOST
        )
        for name, score, _ in found:
            best[name] = max(score, best.get(name, 0.0))
    return [(score, name) for name, score in best.items()]


def _same_words(words: list[str], name: list[str]) -> bool:
    """Whether each word is one of the name, or a slip of one that no other word took."""
    left = list(name)
    for word in words:
        if word in left:
            left.remove(word)
    for word in [w for w in words if words.count(w) > name.count(w)]:
        near = process.extractOne(word, left, scorer=fuzz.ratio, score_cutoff=MIN_WORD)
        if not near or not _may_slip(word):
            return False
        left.remove(near[0])
    return not left


def _may_slip(word: str) -> bool:
    return len(word) > SHORT and word not in _vocabulary() and word.isalpha()


def _words(raw: str) -> list[str]:
    """Return the words of a name, abbreviations spelt out, plurals made singular."""
    text = f" {plain_name(raw)} "
    for word, meaning in _abbreviations().items():
        text = text.replace(f" {word} ", f" {meaning} ")
    return [_singular(word) for word in text.split()]


def _bare(words: list[str]) -> list[str]:
    """Return words without equipment, grip and manner; all of them where nothing else is left."""
    text = f" {' '.join(words)} "
    for phrase in _manners():
        text = text.replace(f" {phrase} ", " ")
    return text.split() or words


def _singular(word: str) -> str:
    if len(word) < SHORT or not word.endswith("s") or word.endswith("ss"):
        return word
    return word[:-2] if re.search(r"(ch|sh|ss|x)es$", word) else word[:-1]


def _key(words: Iterable[str]) -> str:
    return " ".join(sorted(words))


@cache
def _table() -> list[tuple[str, str]]:
    table = files("carryover.catalogue").joinpath("name_word.csv").read_text("utf-8")
    lines = [line for line in table.splitlines() if not line.startswith("#")]
    return [(row["word"], row["stands_for"]) for row in csv.DictReader(lines)]


@cache
def _abbreviations() -> dict[str, str]:
    return {word: meaning for word, meaning in _table() if meaning}


@cache
def _manners() -> list[str]:
    """What may be left out, in the singular, the longest first."""
    plain = {" ".join(map(_singular, word.split())) for word, meaning in _table() if not meaning}
    return sorted(plain, key=lambda phrase: (-len(phrase), phrase))


@cache
def _spoken() -> dict[str, str]:
    """Every known name in `_words`; one that two exercises share is left out."""
    return _unshared((" ".join(_words(name)), i) for name, i in exact_names().items())


@cache
def _by_words() -> dict[str, str]:
    return _unshared((_key(name.split()), i) for name, i in _spoken().items())


@cache
def _by_letters() -> dict[str, str]:
    return _unshared((name.replace(" ", ""), i) for name, i in _spoken().items())


@cache
def _vocabulary() -> frozenset[str]:
    """Every word that means something: it is no slip of another one."""
    manners = {word for phrase in _manners() for word in phrase.split()}
    return frozenset(word for name in _spoken() for word in name.split()) | manners | NEGATIONS


def _unshared(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    meanings: dict[str, set[str]] = {}
    for name, exercise_id in pairs:
        meanings.setdefault(name, set()).add(exercise_id)
    return {name: min(ids) for name, ids in meanings.items() if len(ids) == 1}
