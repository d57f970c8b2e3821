"""A small cohort for tests: athletes of two or three short runs and one gym log each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from carryover.home import Home
from homes import home_with

NOW = datetime(2026, 5, 9, 3, tzinfo=UTC)
HEAD = (
    '<?xml version="1.0"?>\n<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1" '
    'creator="test"><trk><type>running</type><trkseg>'
)
POINT = (
    '<trkpt lat="{lat:.6f}" lon="8.5"><ele>{ele:.1f}</ele>'
    "<time>{at:%Y-%m-%dT%H:%M:%SZ}</time></trkpt>"
)
STRENGTH = (
    "date,time,exercise,sets,reps,weight_kg,side,rpe,duration_min,kind,notes\n"
    "2026-05-02,18:00,hip thrust,3,8,60,,,,,\n"
)


def gpx(day: int, number: int) -> bytes:
    """Return a run of twenty minutes on a day of May 2026, each athlete's at a pace of its own."""
    start = datetime(2026, 5, day, 6, tzinfo=UTC)
    step = 2.4e-5 + number * 1e-6
    points = "".join(
        POINT.format(lat=47 + t * step, ele=400 + t % 60 / 10, at=start + timedelta(seconds=t))
        for t in range(0, 20 * 60, 2)
    )  # fmt: skip
    return f"{HEAD}{points}</trkseg></trk></gpx>\n".encode()


def names(n: int) -> list[str]:
    """Return the ids of so many athletes."""
    return [f"a{number:03d}" for number in range(1, n + 1)]


def made_cohort(root: Path, n: int, scale: str = "", more: str = "") -> Home:
    """Return a home with so many athletes, a folder each; `scale`: lines of [scale]."""
    files: dict[str, bytes] = {}
    for number, name in enumerate(names(n)):
        files |= {f"{name}/run-{day}.gpx": gpx(day, number) for day in (4, 6)}
        files[f"{name}/strength.csv"] = STRENGTH.encode()
    home = home_with(root, files)
    people = "".join(
        f'[[athletes]]\nid = "{name}"\nname = "{name.upper()}"\nfolder = "{name}"\n'
        for name in names(n)
    )
    (root / "carryover.toml").write_text(f"[scale]\n{scale}\n{people}{more}")
    return home
