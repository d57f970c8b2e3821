"""Hostile files through the product's own door: nothing raises, hangs, swells or lies."""

# ruff: noqa: E501 - tables stand as they are written

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from benchmarks.trust.fit_mutants import LARGEST_SEED, mutant, seeds
from benchmarks.trust.judging import LONGEST_S, found, rows_of, tried, unlike, wrong
from benchmarks.trust.text_mutants import archive_mutant, csv_mutant, xml_mutant, zipped
from benchmarks.trust.trial import Trial

ROOT: Final = Path(__file__).parents[2]
CORPUS: Final = Path(os.environ.get("CARRYOVER_CORPUS", ROOT.parent / "shared" / "corpus"))
MOST_MB: Final = 512
SHORT: Final = 1000
"""Up to so many mutants the seeds are small files: parsing the large ones would take longer."""
BATCH: Final = 20
BATCH_S: Final = 60
ALONE: Final = 4
"""Of so many batches, the contents of one are read one by one, too."""
TEXTS: Final = (
    "gpx/tkrajina__gpxpy/Mojstrovka.gpx", "trio/aaron-schroeder__heartandsole/testdata.gpx",
    "trio/aaron-schroeder__heartandsole/testdata.tcx",
    "gpx/OpenTracksApp__OpenTracks/legacy_gpx_trackpointextensions_incorrect.gpx",
)  # fmt: skip
TABLES: Final = tuple(f"{table}\n" for table in (
    """date,time,exercise,sets,reps,weight_kg,side,rpe,duration_min,kind,notes
2024-05-03,18:30,hip thrust,3,10,60,both,7,45,strength,fine
2024-05-06,18:30,single-leg bridge,3,8,,left,8,30,activation,""",
    """date,site,side,pain_0_10,stiffness_0_10,notes
2024-05-03,knee,left,3,2,after hills""",
    """date,test,side,score,notes
2024-05-03,single leg bridge,left,20,""",
    """"title","start_time","end_time","description","exercise_title","superset_id","exercise_notes","set_index","set_type","weight_kg","reps","distance_km","duration_seconds","rpe"
"Legs","4 May 2024, 18:00","4 May 2024, 19:00","","Hip Thrust","","",0,"normal",60,8,,,""",
    """Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes,RPE
2024-05-04 18:00:00,Legs,1h,Hip Thrust,1,60.0,8,0,0,,,""",
    """Activity ID,Activity Date,Activity Name,Activity Type,Activity Description,Elapsed Time,Distance,Filename
1,"May 4, 2024, 9:00:00 AM",Run,Run,,3600,10.0,activities/1.fit.gz""",
))  # fmt: skip
POINT: Final = b'<trkpt lat="48" lon="8"><time>2024-05-04T09:00:%02dZ</time></trkpt>'


@dataclass(slots=True)
class Came:
    """What tries came to; goes through a pipe as JSON."""

    tried: int = 0
    hung: int = 0
    slowest_s: float = 0.0
    failures: list[str] = field(default_factory=list)
    peak_mb: float = 0.0

    def add(self, name: str, failures: list[str], took_s: float) -> None:
        """Count one try."""
        self.tried += 1
        self.slowest_s = max(self.slowest_s, took_s)
        self.hung += took_s > LONGEST_S
        self.failures += [f"{name}: {what}"[:500] for what in failures]


def sound() -> dict[str, bytes]:
    """Return small files that nothing is wrong with: the neighbours of bad ones."""
    names = (
        "run/dtcooper__python-fitparse/garmin-fenix-5-run.fit",
        "strength/cyberjunky__python-garminconnect/12129115726_ACTIVITY.9fba182c.fit",
    )
    held = {Path(name).name: (CORPUS / name).read_bytes() for name in names}
    points = b"".join(POINT % i for i in range(40))
    return held | {
        "good.gpx": b'<gpx version="1.1"><trk><trkseg>' + points + b"</trkseg></trk></gpx>",
        "good.csv": TABLES[0].encode(),
    }


def fit_contents(begin: int, end: int) -> Iterator[tuple[str, bytes]]:
    """Yield FIT mutants by number, and what was done to each."""
    held = seeds(CORPUS, [], LARGEST_SEED if end > SHORT else LARGEST_SEED // 8)
    for number in range(begin, end):
        content, done = mutant(number, held)
        yield f"fit {number} ({', '.join(done)})", content


def text_contents(begin: int, end: int) -> Iterator[tuple[str, bytes]]:
    """Yield mutants of GPX, TCX, tables and archives by number."""
    texts = [(CORPUS / name).read_bytes()[:40_000] for name in TEXTS]
    tables = [table.encode() for table in TABLES]
    members = [(f"{i}.x", content) for i, content in enumerate([*texts, *tables])]
    members += list(sound().items())
    for number in range(begin, end):
        rng = random.Random(20_261_127 + number)
        if number % 3 == 0:
            yield f"xml {number}", xml_mutant(rng.choice(texts), rng)
        elif number % 3 == 1:
            yield f"csv {number}", csv_mutant(rng.choice(tables), rng)
        else:
            yield f"archive {number}", archive_mutant(members, rng)


def cut_contents(begin: int, end: int) -> Iterator[tuple[str, bytes]]:
    """Yield one FIT, GPX, TCX and zip, each cut at every byte from `begin` to `end`."""
    tcx = (CORPUS / TEXTS[2]).read_bytes()
    points = [place for place in range(len(tcx)) if tcx.startswith(b"<Trackpoint>", place)]
    last = tcx.index(b"</Track>", points[-1])
    whole = {
        "fit": (CORPUS / "run/dtcooper__python-fitparse/garmin-fenix-5-run.fit").read_bytes(),
        "gpx": sound()["good.gpx"],
        "tcx": tcx[: points[8]] + tcx[last:],
        "zip": zipped([("a.fit", sound()["garmin-fenix-5-run.fit"][:2000]), ("b.gpx", b"<gpx/>")]),
    }
    for kind, content in whole.items():
        for at in range(begin, min(end, len(content))):
            yield f"{kind} cut at {at}", content[:at]


KINDS: Final[dict[str, Callable[[int, int], Iterator[tuple[str, bytes]]]]] = {
    "fit": fit_contents, "text": text_contents, "cut": cut_contents,
}  # fmt: skip


def run(kind: str, begin: int, end: int) -> Came:
    """Read contents in batches between sound neighbours, and some of them alone."""
    came = Came()
    good = sound()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clean, _, _ = tried(neighbours := found(folder, good))
        expected = {f.sha256: rows_of(clean, f.sha256) for f in neighbours}
        pending: dict[str, bytes] = {}
        for number, (what, content) in enumerate(KINDS[kind](begin, end)):
            pending[what] = content
            if len(pending) == BATCH:
                _batch(came, folder, neighbours, expected, pending,
                       alone=number // BATCH % ALONE == 0)  # fmt: skip
                pending = {}
        if pending:
            _batch(came, folder, neighbours, expected, pending, alone=True)
    came.peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return came


def _batch(
    came: Came, folder: Path, neighbours: list[Any], expected: dict[str, Any],
    pending: dict[str, bytes], *, alone: bool,
) -> None:  # fmt: skip
    files = found(folder, {f"m{i}": content for i, content in enumerate(pending.values())})
    mixed = [*neighbours[:2], *files, *neighbours[2:]]
    readings, failures, took_s = tried(mixed, BATCH_S)
    told = [*failures, *wrong(readings)]
    for file in neighbours if readings else ():
        differ = unlike(rows_of(readings, file.sha256), expected[file.sha256])
        told += [f"{file.place} beside it differs in {', '.join(differ)}"] if differ else []
    names = list(pending)
    came.tried += len(names)
    # A batch may take longer than one content: where it does, each is timed by itself.
    if alone or told or took_s > LONGEST_S:
        before = len(came.failures)
        for what, file in zip(names, files, strict=True):
            alone_readings, raised, lasted_s = tried([file])
            came.add(what, [*raised, *wrong(alone_readings)], lasted_s)
            came.tried -= 1
        if told and len(came.failures) == before:
            came.failures.extend(f"only together, {names[0]} …: {what}"[:500] for what in told)


def apart(kind: str, begin: int, end: int, checks: tuple[str, ...], what: str) -> Trial:
    """Run in a process of its own, so that its memory can be told."""
    began = time.monotonic()
    order = [sys.executable, "-m", "benchmarks.trust.hostile", kind, str(begin), str(end)]
    done = subprocess.run(order, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        told = (f"the process ended with {done.returncode}: {done.stderr[-800:]}",)
        return Trial(checks, what, 1, failures=told, took_s=time.monotonic() - began)
    came = Came(**json.loads(done.stdout))
    failures = list(dict.fromkeys(came.failures))[:50]
    if came.peak_mb > MOST_MB:
        failures.append(f"{came.peak_mb:.0f} MB of memory at most, more than {MOST_MB}")
    return Trial(
        checks, what, came.tried, hung=came.hung, failures=tuple(failures),
        slowest_s=round(came.slowest_s, 2), took_s=round(time.monotonic() - began, 1),
        note=f"at most {came.peak_mb:.0f} MB",
    )  # fmt: skip


def trials(full: bool) -> list[Trial]:  # noqa: FBT001 - the door of all parts
    """Return what hostile files came to."""
    n_fit, n_text, n_cut = (10_000, 3_000, 100_000) if full else (300, 150, 60)
    return [
        apart("fit", 0, n_fit, ("Q6", "Q7", "Q8", "Q10"), "FIT files spoilt in their framing"),
        apart("text", 0, n_text, ("Q4", "Q5", "Q7", "Q11", "Q12"),
              "GPX, TCX, tables and archives spoilt"),
        apart("cut", 0, n_cut, ("Q7",), "a FIT, GPX, TCX and zip cut at every byte"),
    ]  # fmt: skip


if __name__ == "__main__":
    told = run(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
    sys.stdout.write(json.dumps({name: getattr(told, name) for name in Came.__slots__}))
