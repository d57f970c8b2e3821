"""The way of one run as a line on the ground, north up: metres from its middle, no tiles."""

from __future__ import annotations

from typing import Final

import polars as pl

from carryover.charts import palette
from carryover.charts.base import Drawing, Empty, Sketch, numbers, titled
from carryover.charts.words import number

HEIGHT_PX: Final = 420
M_PER_DEG: Final = 111_320.0
"""Of latitude, on a sphere as large as the earth."""
GAP_S: Final = 30.0
"""The line breaks where no position is known for longer: a zone, a tunnel."""
M_PER_KM: Final = 1000.0


def ground(places: pl.DataFrame) -> Drawing:
    """Draw a run's way from `places` (elapsed_s, latitude_deg, longitude_deg, n_hidden), in order.

    `n_hidden` counts hidden instants so far: no line is drawn across them. No
    coordinate is in the figure: only metres east and north of the middle of what is known.
    """
    if places.is_empty():
        return Empty(
            "No position of this run lies outside your privacy zones.",
            "Nothing to do: what is not known cannot be shown.",
        )
    way = _metres(places)
    east, north = numbers(way["east_km"], 3), numbers(way["north_km"], 3)
    axis = {"showgrid": True, "zeroline": False, "ticks": "", "fixedrange": True}
    fig = Sketch(
        [
            {"type": "scatter", "mode": "lines", "x": east, "y": north, "connectgaps": False,
             "line": {"color": palette.METRIC, "width": 2}, "hoverinfo": "skip"},
            _end(way, 0, "circle-open", "first known"), _end(way, -1, "square", "last known"),
        ],
        {
            "height": HEIGHT_PX,
            "xaxis": {**axis, "title": {"text": "km east of the middle"}, "constrain": "domain"},
            "yaxis": {**axis, "title": {"text": "km north"}, "scaleanchor": "x"},
        },
    )  # fmt: skip
    width, height = (_span(way[k]) for k in ("east_km", "north_km"))
    return titled(
        fig, f"The way, {number(width, 1)} km wide and {number(height, 1)} km high",
        "North is up; broken where no position is known or it lies in a privacy zone. "
        "No map is loaded from anywhere.",
    )  # fmt: skip


def _metres(places: pl.DataFrame) -> pl.DataFrame:
    lat, lon = pl.col("latitude_deg"), pl.col("longitude_deg")
    # A run across the date line is one way, not two halves a world apart.
    near = (lon - lon.first() + 180.0) % 360.0 - 180.0
    passed = (pl.col("elapsed_s").diff() > GAP_S) | (pl.col("n_hidden").diff() > 0)
    broken = passed.fill_null(value=False)
    km = M_PER_DEG / M_PER_KM
    flat = places.with_columns(near=near).select(
        east_km=(pl.col("near") - pl.col("near").median()) * lat.median().radians().cos() * km,
        north_km=(lat - lat.median()) * km,
        part=broken.cum_sum(),
    )
    parts = flat.partition_by("part", maintain_order=True)
    gap = flat.clear(1)
    return pl.concat([frame for part in parts for frame in (part, gap)][:-1])


def _end(way: pl.DataFrame, row: int, symbol: str, said: str) -> dict[str, object]:
    place = way.select("east_km", "north_km").row(row)
    return {
        "type": "scatter", "mode": "markers+text", "x": [round(place[0], 3)],
        "y": [round(place[1], 3)], "text": [said], "textposition": "top center",
        "marker": {"size": 9, "symbol": symbol, "color": palette.INK}, "hoverinfo": "skip",
    }  # fmt: skip


def _span(values: pl.Series) -> float:
    low, high = values.min(), values.max()
    return float(high) - float(low) if isinstance(low, float) and isinstance(high, float) else 0.0
