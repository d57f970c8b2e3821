"""What nobody is shown: the discs that hide a person's zones, and what a stricter wish must drop.

A circle around a door gives the door away: three ends of lines that it cuts show its middle. So
the disc that is hidden contains the wished one, is twice as wide, and lies to a side that a secret
of the home decides. It is drawn once: a disc that moved from night to night would average out.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import math
import secrets
import shutil
import sys
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import polars as pl

from carryover.errors import SettingsError
from carryover.owned import write_owned
from carryover.units import EARTH_RADIUS_M

if TYPE_CHECKING:
    from pathlib import Path

    from carryover.home import Home
    from carryover.settings import Privacy, Zone

FILE_NAME: Final = "zones.secret"
SECRET_DIGITS: Final = 64
MARGIN: Final = 1.01
"""The earth is no sphere: a great circle is wrong by up to 0.6 %."""
WIDER: Final = 2.0
"""Radius of the hidden disc over the wished one."""
SHIFT: Final = (0.5, 1.0)
"""How far the hidden disc's middle lies from the wished one's, in wished radii."""
GRID: Final = 2
"""Decimals of a degree that decide a shift: a zone that is moved by a little keeps its own."""
DISC: Final = {
    "lat_deg": pl.Float64(), "lon_deg": pl.Float64(), "half_deg": pl.Float64(),
    "radius_m": pl.Float64(),
}  # fmt: skip
"""One hidden disc; nothing in it lies more than `half_deg` north or south of its middle."""
PLACE_NAME: Final = (
    r"(^|[^a-z])(lat|lon|lng|long|gps|geo\w*|position\w*|location|coord\w*|\w*latitude|\w*longitude)"
    r"([^a-z]|$)"
)
PLACE_UNIT: Final = r"semicircle|^deg|^°$"
"""What fields of apps that speak of a place are called, in small letters."""
PRIVACY: Final[dict[str, pl.DataType]] = {
    "positions": pl.Boolean(),
    "discs": pl.List(pl.Struct(DISC)),
    "place_name": pl.String(),
    "place_unit": pl.String(),
}
"""Grain: the home. Whether any position is shown, where none is, and what a place is called."""


class Disc(NamedTuple):
    """A circle on the sphere, degrees and metres."""

    lat_deg: float
    lon_deg: float
    radius_m: float


def hidden(wish: Privacy, secret: bytes) -> pl.DataFrame:
    """Return PRIVACY: one row."""
    discs = [hidden_disc(zone, secret) for zone in wish.zones]
    circles = [
        {**disc._asdict(), "half_deg": math.degrees(disc.radius_m / EARTH_RADIUS_M)}
        for disc in discs
    ]
    row = {"positions": [wish.positions], "discs": [circles]}
    words = {"place_name": [PLACE_NAME], "place_unit": [PLACE_UNIT]}
    return pl.DataFrame({**row, **words}, schema=PRIVACY)


def without_positions(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Return what a file told, as a table of the store, without any position."""
    if table == "sample":
        nothing = pl.lit(None, pl.Float64)
        return frame.with_columns(latitude_deg=nothing, longitude_deg=nothing)
    if table not in {"developer_field", "developer_series"}:
        return frame
    named = pl.col("name").str.to_lowercase().str.contains(PLACE_NAME)
    place = named | pl.col("units").str.to_lowercase().str.contains(PLACE_UNIT)
    is_place = place.fill_null(value=False)
    if table == "developer_series":
        return frame.filter(~is_place)
    values = pl.col("min_value", "median_value", "max_value", "first_text")
    return frame.with_columns(pl.when(~is_place).then(values))


def hidden_disc(zone: Zone, secret: bytes) -> Disc:
    """Return the disc that hides a zone: it contains the wished one wholly."""
    near = f"{zone.lat:.{GRID}f} {zone.lon:.{GRID}f}"
    drawn = hmac.new(secret, near.encode(), hashlib.sha256).digest()
    first, second = (int.from_bytes(drawn[k : k + 8]) / 2**64 for k in (0, 8))
    low, high = SHIFT
    # Even over the ring's area: no part of it is likelier to be the door.
    shift_m = zone.radius_m * math.sqrt(low**2 + first * (high**2 - low**2))
    lat_deg, lon_deg = moved(zone.lat, zone.lon, 2 * math.pi * second, shift_m)
    return Disc(lat_deg, lon_deg, WIDER * MARGIN * zone.radius_m)


def moved(lat_deg: float, lon_deg: float, bearing: float, metres: float) -> tuple[float, float]:
    """Return the place so far from another along a great circle; bearing in radians from north."""
    lat, arc = math.radians(lat_deg), metres / EARTH_RADIUS_M
    sine = math.sin(lat) * math.cos(arc) + math.cos(lat) * math.sin(arc) * math.cos(bearing)
    there = math.asin(max(-1.0, min(1.0, sine)))
    east = math.sin(bearing) * math.sin(arc) * math.cos(lat)
    turned = math.atan2(east, math.cos(arc) - math.sin(lat) * sine)
    lon = (lon_deg + math.degrees(turned) + 180.0) % 360.0 - 180.0
    return math.degrees(there), lon


def arc_m(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the metres between two places (latitude, longitude in degrees) along the sphere."""
    (lat, lon), (to_lat, to_lon) = one, other
    a = math.sin(math.radians(to_lat - lat) / 2) ** 2
    b = math.cos(math.radians(lat)) * math.cos(math.radians(to_lat))
    c = math.sin(math.radians(to_lon - lon) / 2) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(a + b * c)))


def zone_secret(home: Home, wish: Privacy) -> bytes:
    """Return the home's secret, drawn and kept where there is none yet; nothing without zones.

    Raises SettingsError for a file that is no secret: another one would move every disc.
    """
    if not wish.zones:
        return b""
    path = home.root / FILE_NAME
    try:
        text = path.read_text("ascii").strip()
    except FileNotFoundError:
        return _drawn(path)
    except (OSError, UnicodeDecodeError) as error:
        raise _no_secret(path) from error
    if len(text) != SECRET_DIGITS or set(text) - set("0123456789abcdef"):
        raise _no_secret(path)
    return bytes.fromhex(text)


def _drawn(path: Path) -> bytes:
    drawn = secrets.token_hex(SECRET_DIGITS // 2)
    write_owned(path, f"{drawn}\n".encode("ascii"))
    return bytes.fromhex(drawn)


def _no_secret(path: Path) -> SettingsError:
    return SettingsError(
        "this is not the secret that moves your privacy zones", subject=str(path),
        remedy="Bring it back from a backup; deleted, another is drawn, and whoever has pages from "
        "before and after knows your zones better.",
    )  # fmt: skip


def mark(home: Home, wish: Privacy) -> str:
    """Return a short text that is another one where discs lie elsewhere; empty without zones."""
    secret = zone_secret(home, wish)
    return hashlib.sha256(secret).hexdigest()[:8] if secret else ""


def has_maps(wish: Privacy) -> bool:
    """Return whether pages of runs show their shape."""
    return wish.maps and wish.positions


def told(wish: Privacy) -> str:
    """Return what is hidden as text, to be compared with the next night's wish."""
    zones = sorted((zone.lat, zone.lon, zone.radius_m) for zone in wish.zones)
    return json.dumps({"positions": wish.positions, "zones": zones})


def is_stricter(wish: Privacy, before: str | None) -> bool:
    """Return whether more is hidden than before; where that is not known, whether anything is."""
    unknown: dict[str, Any] = {"positions": True, "zones": []}
    was = json.loads(before) if before else unknown
    if not was["positions"]:
        return False
    held = {(lat, lon): radius for lat, lon, radius in was["zones"]}
    wider = any(zone.radius_m > held.get((zone.lat, zone.lon), 0.0) for zone in wish.zones)
    return wider or not wish.positions


def drop_older(home: Home, why: str) -> int:
    """Delete earlier published files, which show what none shall see now; say so on standard error.

    Returns how many there were.
    """
    count = 0
    for folder in (home.warehouse_dir / "snapshots", home.warehouse_dir / "aside"):
        count += sum(1 for path in folder.rglob("*") if path.is_file())
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(folder)
    if count:
        sys.stderr.write(
            f"{why}: {count} earlier published file{'s' * (count != 1)} dropped, "
            "which still showed it\n"
        )
    return count
