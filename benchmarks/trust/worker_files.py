"""Files for the trials of the process that reads: sound ones, bad ones, and planted ones."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import io
import random
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.trust.worker_planted import FAULTS, mark
from carryover.demo import write_demo
from carryover.intake import identify, walk
from carryover.reading import read_files
from carryover.settings import Settings

FIRST: Final = dt.datetime(2023, 3, 1, 7, tzinfo=dt.UTC)
WAYS: Final = ("plain", "gz", "zip", "inner")
"""How a planted content lies there: as a file, packed, in an archive, in an archive's archive."""


@dataclass(frozen=True, slots=True)
class Planted:
    """One planted fault: the file to write, and what must be said of which content."""

    fault: str
    stage: str
    way: str
    name: str
    content: bytes
    sha256: str
    """Of what is rejected, the file itself or what it holds; all else in it is loaded."""


@cache
def watch_files() -> tuple[bytes, ...]:
    """Return the sound FIT files of a made athlete, as Garmin's encoder writes them."""
    with TemporaryDirectory() as folder:
        write_demo(Path(folder), weeks=8, seed=5, end_date=dt.date(2024, 5, 29))
        raw = Path(folder) / "data" / "raw"
        found = {f.sha256: f for f in (identify(raw, path) for path in walk(raw))}
        rows = [r for told in read_files(found.values(), Settings(), frozenset())
                for r in told.content.to_dicts()]  # fmt: skip
        sound = sorted(r["sha256"] for r in rows if (r["kind"], r["status"]) == ("fit", "loaded"))
        return tuple(found[sha256].path.read_bytes() for sha256 in sound if sha256 in found)


def track(number: int, *, n_points: int = 300) -> bytes:
    """Return a sound GPX run of its own day."""
    begin = FIRST + dt.timedelta(days=number)
    points = "".join(
        f'<trkpt lat="{47 + i * 2.7e-5:.6f}" lon="8.5"><ele>{400 + i % 9}</ele>'
        f"<time>{(begin + dt.timedelta(seconds=i)).isoformat()}</time></trkpt>"
        for i in range(n_points)
    )
    return (
        '<?xml version="1.0"?><gpx version="1.1" creator="trial"><trk><type>running</type>'
        f"<trkseg>{points}</trkseg></trk></gpx>"
    ).encode()


def zipped(members: dict[str, bytes]) -> bytes:
    """Return a zip, members stored as they are."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return held.getvalue()


def planted(number: int, rng: random.Random) -> Planted:
    """Return the planting of a number: every fault, stage and way in turn."""
    fault = sorted(FAULTS)[number % len(FAULTS)]
    way = WAYS[number // len(FAULTS) % len(WAYS)]
    stage = ("decode", "normalise", "open", "decode")[rng.randrange(4)]
    is_fit = rng.random() < 0.5
    name = f"planted-{number}.{'fit' if is_fit else 'gpx'}"
    at = "behind" if stage == "open" and way != "plain" else stage
    core = rng.choice(watch_files()) if is_fit else track(5000 + number)
    content = core + b"<!-- " + str(number).encode() + mark(fault, at) + b" -->"
    own = _digest(content)
    if way == "plain":
        return Planted(fault, stage, way, name, content, own)
    if way == "gz":
        outer, packed = f"{name}.gz", gzip.compress(content)
    elif way == "zip":
        outer = f"archive-{number}.zip"
        packed = zipped({"a.gpx": track(6000 + number), f"m/{name}": content})
    else:
        outer = f"nested-{number}.zip"
        inner = zipped({f"m/{name}": content})
        packed = zipped({"a.gpx": track(6000 + number), "inner.zip": inner})
    return Planted(fault, stage, way, outer, packed, _digest(packed) if stage == "open" else own)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def bad(number: int) -> tuple[str, bytes]:
    """Return the name and the bytes of a file that cannot be read: ten kinds in turn."""
    fit, note = watch_files()[number % len(watch_files())], str(number).encode()
    kinds = (
        ("empty.fit", b""),
        ("noise.fit", random.Random(number).randbytes(4000)),
        ("header.fit", fit[:14] + note),
        ("page.gpx", b"<html><body>Sign in " + note + b"</body></html>"),
        ("cut.gpx", b'<?xml version="1.0"?><gpx version="1.1"><trk ' + note),
        ("no-points.gpx", b"<gpx version='1.1'><trk><name>" + note + b"</name></trk></gpx>"),
        ("cut.zip", zipped({"a.gpx": track(7000 + number)})[:-40]),
        ("cut.fit.gz", gzip.compress(fit + note)[:200]),
        ("damaged.tcx", b"<TrainingCenterDatabase><Activities" + note),
        ("no-date.csv", b"date,exercise,sets,reps,weight_kg\nno day,hip thrust,3,8," + note),
    )  # fmt: skip
    name, content = kinds[number % len(kinds)]
    return f"bad/{number}-{name}", content
