"""Hold two ways to one value against each other on real runs, and write docs/identities.md.

python benchmarks/identities.py CORPUS
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.tables import ROOT, table
from benchmarks.witness import built
from carryover.home import Home
from carryover.warehouse.read import open_published

TARGET: Final = ROOT / "docs" / "identities.md"
IDENTITIES: Final = {
    "duty_factor": "contact time × cadence against the watch's own duty factor (field 40)",
    "step_length": "speed ÷ cadence against the watch's own step length, less 1",
    "vertical_ratio": "the device's vertical ratio against oscillation ÷ step length",
    "contact_sides": "mean of left and right contact against contact time",
    "balance_sides": "left share of both sides' contact against balance",
    "speed_distance": "recorded speed over time against the growth of distance, less 1",
}
"""Identity → what is held against what, in the order of the page."""

QUERY: Final = """
select
  parse_filename(c.path) as path,
  coalesce(a.dynamics_source, 'none') as source,
  a.manufacturer as maker,
  i.* exclude (run_id)
from run_identity as i
join run as r using (run_id)
join activity as a on a.activity_id = r.timeline_activity_id
join source_file as c on c.sha256 = a.source_sha256
order by i.identity, path
"""


@dataclass(frozen=True, slots=True)
class Held:
    """One run × identity: the difference in its unit, and whether it holds."""

    path: str
    source: str
    identity: str
    unit: str
    compared_s: float
    difference: float
    spread: float | None
    tolerance: float
    holds: bool | None

    @property
    def verdict(self) -> str:
        """What the audit says."""
        if self.holds is None:
            return "too short to say"
        return "holds" if self.holds else "**breaks**"


def held(home: Home) -> list[Held]:
    """Return every run × identity of a published home that knows both ways."""
    with open_published(home.published) as reader:
        rows = reader.frame(QUERY).to_dicts()
    return [
        Held(
            row["path"], f"{row['maker']}, {_kind(row['source'])}", row["identity"], row["unit"],
            row["compared_s"], row["difference"], row["spread"], row["tolerance"], row["holds"],
        )
        for row in rows
    ]  # fmt: skip


def _kind(source: str) -> str:
    """Leave serial numbers out: they are somebody's."""
    return " ".join(word for word in source.split() if not word.isdigit())


def page(found: list[Held]) -> str:
    """Return the page: a table an identity."""
    parts = [TEXT]
    for name, meaning in IDENTITIES.items():
        mine = [h for h in found if h.identity == name]
        parts += [f"## {meaning[0].upper()}{meaning[1:]}", "", *NOTES.get(name, [])]
        if not mine:
            parts += ["No file of the corpus knows both; shown by made ones in the tests.", ""]
            continue
        said = [h for h in mine if h.holds is not None]
        counts = f"{sum(bool(h.holds) for h in said)} of {len(said)} runs hold"
        parts += [
            f"{counts}, within {_amount(mine[0])}; too short to say: {len(mine) - len(said)}.",
            "",
            table(["run", "device, source of form", "compared s", "difference", "SD", "audit"],
                  [_line(h) for h in mine], texts=2),
            "",
        ]  # fmt: skip
    return "\n".join(parts)


TEXT: Final = """# Identities

Some values of a file follow from others. Where both are there they are held against each other,
instant by instant over steady running (speed and distance as sums over all running); the median
difference of a run is in the table `run_identity`, and one beyond its tolerance (`threshold`,
`identity_…`) is a warning on the page of data health. It tells of a misread unit, a lost stride or
a sensor at odds with itself; it never changes a number.
Made by `python benchmarks/identities.py CORPUS`.
"""


SPEED_DISTANCE: Final = """\
Speed here is the mean of two running instants that follow each other, over the time between them;
pauses, silences and instants without speed or distance are left out of both sums. Where the file
tells no speed, ours comes from its distance, and the two agree by themselves.

Where it breaks the file contradicts itself, and no choice of ours mends it. Looked into, in the
files' own fields (`activity_2477200414`, `track_cs_544406`, `activity_1378220136`, `raw_run`):

- Neither smart recording nor the weight of at most 5 s: the first two write every second and
  lose none; in the other two our mean speed with that weight differs from this one by 0.4 % at
  most.
- Not a speed that stands still after a stop: it is below distance in 9, 10, 8 and 6 tenths of the
  running, by up to 17 % in one; in `Fenix3-Run-1321421020`, which holds, every tenth agrees to
  0.5 %. Recorded speed follows distance 5 to 10 s late in all five: the watch smooths it.
- Distance is the way along the places, to 0.3 % in the last two. In the first two the places go
  2.6 and 1.6 % further than even that, and are 6 and 4 % shorter in straight lines of 20 s (2 % in
  the run that holds): they stray, and make the way too long. That explains a part.
- The watch's own step length × cadence is nearer to the recorded speed than to distance in the
  three that have it (3.05, 3.10, 3.04 m/s; speed 3.11, 3.02, 3.10; distance 3.28, 3.27, 3.22).

So the speeds are kept as told and the run is named. Which of the two is right the file cannot
say; a measured course can.
"""

NOTES: Final = {"speed_distance": [SPEED_DISTANCE]}
"""Identity → what is to be said beside its table."""


def _amount(told: Held) -> str:
    if told.unit == "share":
        return f"{100 * told.tolerance:g} %"
    return f"{told.tolerance:g} {told.unit}"


def _line(told: Held) -> list[str]:
    digits = 3 if told.unit != "ms" else 1
    numbers = [f"{told.difference:+.{digits}f}",
               "–" if told.spread is None else f"{told.spread:.{digits}f}"]  # fmt: skip
    return [
        told.path, told.source, f"{told.compared_s:.0f}",
        *(text.replace("-", "−") for text in numbers), told.verdict,
    ]  # fmt: skip


def main() -> None:
    """Write the page."""
    with tempfile.TemporaryDirectory() as folder:
        found = held(built(Path(sys.argv[1]), Path(folder)))
    TARGET.write_text(page(found), "utf-8")
    broken = sum(h.holds is False for h in found)
    print(f"{len(found)} comparisons, {broken} beyond tolerance: {TARGET}")


if __name__ == "__main__":
    main()
