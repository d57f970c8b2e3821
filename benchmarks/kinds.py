"""Called and true kinds of a labelled set of made runs: confusion, precision, recall.

    python benchmarks/kinds.py [--athletes 6] [--seed 1] [--misses]

Makes athletes of different speed (tests/made_kinds.py), reads them like any home and holds
`run.kind` and `run.track_direction` against what was planted.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from carryover import app
from homes import home_with
from made_kinds import Labelled, season

EASY_MPS = (2.4, 2.7, 2.9, 3.2, 3.5, 3.9)
KINDS = ("easy", "workout", "long", "race", "treadmill", "hilly", "track")
SETTINGS = '[[athletes]]\nid = "a{0}"\nfolder = "a{0}"\n'
ASKED = """
select m.path, r.kind, r.is_track, r.track_direction, r.kind_reason
from run as r
join activity as a on a.activity_id = r.timeline_activity_id
join source_place as m on m.sha256 = a.source_sha256
"""

Called = tuple[str, str | None, bool | None, str | None, str]


def called(seasons: list[list[Labelled]], folder: Path) -> dict[str, Called]:
    """Return place → kind, is_track, direction, reason, after a night over all runs."""
    files = {
        f"a{who}/{number:03d}.fit": run.content
        for who, runs in enumerate(seasons)
        for number, run in enumerate(runs)
    }
    home = home_with(folder, files)
    people = "".join(SETTINGS.format(who) for who in range(len(seasons)))
    (home.root / "carryover.toml").write_text(people, "utf-8")
    opened, settings = app.open_home(home.root)
    app.ingest(opened, settings)
    app.build_and_publish(opened, settings)
    return {row[0]: row[1:] for row in app.ask(opened, ASKED).rows()}


def confusion(seasons: list[list[Labelled]], found: dict[str, Called]) -> Counter[tuple[str, str]]:
    """Return counts of (true kind, called kind)."""
    return Counter(
        (run.kind, found[f"a{who}/{number:03d}.fit"][0])
        for who, runs in enumerate(seasons)
        for number, run in enumerate(runs)
    )


def table(counts: Counter[tuple[str, str]]) -> list[str]:
    """Return the confusion as lines of Markdown: a row a true kind, precision below."""
    lines = ["| is \\ called | " + " | ".join(KINDS) + " | n | recall |", "| --- " * 10 + "|"]
    for true in KINDS:
        row = [counts[true, said] for said in KINDS]
        cells = " | ".join(str(n) if n else "" for n in row)
        lines.append(
            f"| {true} | {cells} | {sum(row)} | {counts[true, true] / max(sum(row), 1):.3f} |"
        )
    precision = [
        counts[said, said] / max(sum(counts[true, said] for true in KINDS), 1) for said in KINDS
    ]
    cells = " | ".join(f"{share:.3f}" for share in precision)
    return [*lines, f"| precision | {cells} | {counts.total()} | |"]


def main() -> None:
    """Print the table, the directions, and with --misses each run that is called otherwise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--athletes", type=int, default=len(EASY_MPS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--misses", action="store_true")
    asked = parser.parse_args()
    seasons = [list(season(100 * asked.seed + who, EASY_MPS[who])) for who in range(asked.athletes)]
    with TemporaryDirectory() as folder:
        found = called(seasons, Path(folder))
    print("\n".join(table(confusion(seasons, found))))
    right = wrong = 0
    for who, runs in enumerate(seasons):
        for number, run in enumerate(runs):
            kind, on_track, direction, reason = found[f"a{who}/{number:03d}.fit"][:4]
            good = bool(on_track) == (run.direction is not None) and direction == run.direction
            right, wrong = right + good, wrong + (not good)
            if asked.misses and (kind != run.kind or not good):
                print(f"a{who} {run.kind} ({run.what}, {run.direction}) → {kind} "
                      f"({reason}; {on_track} {direction})")  # fmt: skip
    print(f"track and direction: {right} right, {wrong} wrong")


if __name__ == "__main__":
    main()
