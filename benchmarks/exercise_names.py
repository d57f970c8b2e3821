"""How often names of exercises are matched rightly, wrongly or not at all, by scorer and threshold.

On the labelled names of tests/exercise_names.csv. The scorers alone stand beside what
`identify` does: they need no guard to be quick, and all of them cross words that must not meet.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from rapidfuzz import fuzz, process

from carryover.catalogue import names

LABELLED = Path(__file__).parents[1] / "tests" / "exercise_names.csv"
Labelled = tuple[str, str | None]
THRESHOLDS = (70, 80, 84, 88, 90, 95)


def labelled() -> list[Labelled]:
    """Return each name and its exercise, None where no exercise of the catalogue is meant."""
    rows = csv.DictReader(LABELLED.read_text("utf-8").splitlines())
    return [(row["name"], row["exercise_id"] or None) for row in rows]


def judge(found: str | None, meant: str | None) -> str:
    """Return what became of a name; a match where none is meant is wrong, too."""
    if found == meant:
        return "right" if meant else "rightly none"
    return "wrong" if found else "missed"


def count(rows: Iterable[Labelled], find: Callable[[str], str | None]) -> Counter[str]:
    """Return how many names ended how."""
    return Counter(judge(find(name), meant) for name, meant in rows)


def alone(scorer: Callable[..., float], threshold: float) -> Callable[[str], str | None]:
    """Return a matcher that rests on a scorer and nothing else."""
    known = names._spoken()  # noqa: SLF001 - the same names are asked

    def find(raw: str) -> str | None:
        query = " ".join(names._words(raw))  # noqa: SLF001
        best = process.extractOne(query, list(known), scorer=scorer, score_cutoff=threshold)
        return known[best[0]] if best else None

    return find


def main() -> None:
    """Print the table."""
    rows = labelled()
    ends = ("right", "rightly none", "missed", "wrong")
    print(f"{len(rows)} names, {sum(meant is None for _, meant in rows)} of them no exercise here")
    print(f"{'':34}" + "".join(f"{end:>14}" for end in ends))
    ways: list[tuple[str, Callable[[str], str | None]]] = [
        ("rules", names.match_name),
        (f"rules, then guarded from {names.MIN_SCORE:g}", lambda raw: names.identify(raw)[0]),
    ]
    for scorer in (fuzz.ratio, fuzz.token_sort_ratio, fuzz.token_set_ratio, fuzz.WRatio):
        ways += [(f"{scorer.__name__} from {t}", alone(scorer, t)) for t in THRESHOLDS]
    for label, find in ways:
        found = count(rows, find)
        print(f"{label:34}" + "".join(f"{found[end]:>14}" for end in ends))
    for floor in (60.0, 70.0, 78.0, 84.0, 90.0, 95.0):
        names.MIN_SCORE = floor
        names._found.cache_clear()  # noqa: SLF001
        found = count(rows, lambda raw: names.identify(raw)[0])
        print(f"guarded from {floor:<21g}" + "".join(f"{found[end]:>14}" for end in ends))


if __name__ == "__main__":
    main()
