"""Look for places and names in all that a home holds: bytes, text, every published cell."""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import duckdb
import numpy as np

from carryover.home import Home
from carryover.privacy import arc_m
from carryover.settings import Zone
from carryover.units import SEMICIRCLE_DEG

DECIMALS: Final = 4
"""Ten metres: what tells a house from the next."""
FLOAT: Final = re.compile(rb"-?\d{1,3}\.\d{4,}")
PRIVATE: Final = ("store.duckdb", "zones.secret", "carryover.toml", "night.lock")

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Needles:
    """What must not be found: places in degrees, and texts.

    `others`: places that may be found. `zones`: where a pair of numbers is such a place, too.
    """

    places: tuple[Place, ...]
    texts: tuple[str, ...] = ()
    others: tuple[Place, ...] = ()
    zones: tuple[Zone, ...] = ()

    def eights(self) -> np.ndarray:
        """Return latitudes and longitudes as doubles, and pairs as FIT has them, as 8 bytes each.

        A latitude that is also one of another place tells nothing.
        """
        shared = {value for place in self.others for value in place}
        values = {value for place in self.places for value in place} - shared
        told = {struct.pack("<d", value) for value in values if value % 1}
        pairs = {tuple(round(v / SEMICIRCLE_DEG) for v in place) for place in self.places}
        told |= {struct.pack("<ii", *pair) for pair in pairs if all(map(_fits, pair))}
        return np.array([struct.unpack("<q", eight)[0] for eight in sorted(told)], np.int64)

    def is_place(self, lat: float, lon: float) -> bool:
        """Return whether two numbers are one of the places, to four decimals."""
        if self.zones:
            known = abs(lat) <= 90 and abs(lon) <= 180
            return known and any(
                arc_m((z.lat, z.lon), (lat, lon)) <= z.radius_m for z in self.zones
            )
        pair = round(lat, DECIMALS), round(lon, DECIMALS)
        return pair in _pairs(self.places) and pair not in _pairs(self.others)

    def rounded(self) -> tuple[frozenset[bytes], frozenset[bytes]]:
        """Return latitudes and longitudes as text, cut after four decimals."""
        lats, lons = (
            frozenset(_cut(f"{place[k]:.9f}".encode()) for place in self.places) for k in (0, 1)
        )
        return lats, lons


@cache
def _pairs(places: tuple[Place, ...]) -> frozenset[Place]:
    return frozenset((round(lat, DECIMALS), round(lon, DECIMALS)) for lat, lon in places)


def _fits(value: int) -> bool:
    return -(2**31) <= value < 2**31


def _cut(number: bytes) -> bytes:
    whole, _, rest = number.partition(b".")
    return whole + b"." + rest[:DECIMALS]


def shared_files(home: Home) -> Iterator[Path]:
    """Yield every file of a home but the raw ones and those that are private on purpose."""
    for path in sorted(home.root.rglob("*")):
        is_raw = path.is_relative_to(home.raw)
        if path.is_file() and not is_raw and path.name not in PRIVATE:
            yield path


def found_in_files(paths: Iterable[Path], needles: Needles) -> list[str]:
    """Return what was found in which file: bytes of a place, a place as text, a text."""
    eights, (lats, lons) = needles.eights(), needles.rounded()
    told = []
    for path in paths:
        content = path.read_bytes()
        if has_eights(content, eights):
            told.append(f"{path.name}: a place as bytes")
        numbers = {_cut(match) for match in FLOAT.findall(content)}
        if numbers & lats and numbers & lons:
            told.append(f"{path.name}: a place as text")
        told += [f"{path.name}: {text}" for text in needles.texts if text.encode() in content]
    return told


def found_in_rows(paths: Iterable[Path], needles: Needles) -> list[str]:
    """Return which files hold a place as two numbers near one another, in whatever order."""
    told = []
    for path in paths:
        numbers = [float(match) for match in FLOAT.findall(path.read_bytes())]
        near = [(x, y) for k, x in enumerate(numbers) for y in numbers[max(0, k - 3) : k + 4]]
        if any(needles.is_place(x, y) for x, y in near):
            told.append(f"{path.name}: a place as text")
    return told


def has_eights(content: bytes, eights: np.ndarray) -> bool:
    """Return whether any eight bytes in a row, at any offset, are among these."""
    for offset in range(8):
        n = (len(content) - offset) // 8
        if n > 0:
            seen = np.frombuffer(content, "<i8", n, offset)
            if bool(np.isin(seen, eights).any()):
                return True
    return False


def found_in_tables(database: Path, needles: Needles) -> list[str]:
    """Return the tables and columns of a database that hold a place or a text.

    A place: one row whose numbers, rounded to four decimals, are a latitude and a longitude of
    one; or one number of a list, or a text with both in it.
    """
    with duckdb.connect(str(database), read_only=True) as connection:
        _lend(connection, needles)
        columns: dict[str, list[tuple[str, str]]] = {}
        for table, column, kind in connection.execute(
            "select table_name, column_name, data_type from duckdb_columns() where not internal "
            "and database_name not in ('temp', 'system')"
        ).fetchall():
            columns.setdefault(table, []).append((column, kind))
        told = []
        for table, held in sorted(columns.items()):
            told += _in_table(connection, table, held, needles)
    return told


def _is_fine(number: float) -> bool:
    return round(number, DECIMALS) != round(number, DECIMALS - 1)


def _lend(connection: duckdb.DuckDBPyConnection, needles: Needles) -> None:
    rows = [(round(lat, DECIMALS), round(lon, DECIMALS)) for lat, lon in set(needles.places)]
    connection.execute("create temp table needle(lat double, lon double)")
    if rows:
        connection.executemany("insert into needle values (?, ?)", sorted(set(rows)))


def _in_table(
    connection: duckdb.DuckDBPyConnection, table: str, held: Collection[tuple[str, str]],
    needles: Needles,
) -> list[str]:  # fmt: skip
    doubles = [f'"{name}"' for name, kind in held if kind in {"DOUBLE", "FLOAT"}]
    # What has three decimals at most is a share or a pace, not a house.
    numbers = [f"nullif(round({n}, {DECIMALS}), round({n}, {DECIMALS - 1}))" for n in doubles]
    lists = [name for name, kind in held if kind == "DOUBLE[]"]
    told = []
    if len(numbers) > 1:
        within = " or ".join(f"{n} in (select {{0}} from needle)" for n in numbers)
        rows = connection.execute(
            f'select {", ".join(doubles)} from "{table}" '
            f"where ({within.format('lat')}) and ({within.format('lon')})"
        ).fetchall()
        fine = [[x for x in row if x is not None and _is_fine(x)] for row in rows]
        pairs = {(x, y) for row in fine for x in row for y in row}
        told += [f"{table}: places"] if any(needles.is_place(x, y) for x, y in pairs) else []
    for name in lists:
        asked = (
            f'select count(*) from (select unnest("{name}") as v from "{table}") '
            f"where round(v, {DECIMALS}) <> round(v, 1) and round(v, {DECIMALS}) in "
            "(select lat from needle union select lon from needle)"
        )
        told += [f"{table}.{name}: part of a place"] if _count(connection, asked) else []
    for name in [name for name, kind in held if kind == "VARCHAR"]:
        for text in needles.texts:
            asked = f'select count(*) from "{table}" where contains("{name}", ?)'
            told += [f"{table}.{name}: {text}"] if _count(connection, asked, [text]) else []
    return told


def _count(
    connection: duckdb.DuckDBPyConnection, query: str, params: list[str] | None = None
) -> int:
    row = connection.execute(query, params or []).fetchone()
    return int(row[0]) if row else 0


def stored_places(home: Home) -> dict[str, list[Place]]:
    """Return the places of each recording, as the private store holds them."""
    with duckdb.connect(str(home.store), read_only=True) as connection:
        rows = connection.execute(
            "select activity_id, latitude_deg, longitude_deg from sample "
            "where latitude_deg is not null and longitude_deg is not null"
        ).fetchall()
    told: dict[str, list[Place]] = {}
    for activity, lat, lon in rows:
        if math.isfinite(lat) and math.isfinite(lon):
            told.setdefault(activity, []).append((lat, lon))
    return told
