"""Kept results: the same as made anew, made again only where their inputs changed."""

from __future__ import annotations

import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carryover.estimate.baseline import KEY, fit_baseline
from carryover.kept import Kept
from estimate_worlds import bins_of

ROWS = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3)), max_size=12)


def frame(rows):
    return pl.DataFrame(rows, schema={"key": pl.String, "value": pl.Int64}, orient="row")


class Maker:
    """Sums each group and remembers which groups it was asked for."""

    def __init__(self):
        self.asked = []

    def __call__(self, rows):
        self.asked.append(set(rows["key"]))
        return rows.group_by("key").agg(pl.col("value").sum()).sort("key")


@given(st.lists(ROWS, min_size=1, max_size=5))
def test_kept_results_are_those_made_anew(builds):
    """After any sequence of arrivals, deletions and edits the result is that of a first build."""
    with tempfile.TemporaryDirectory() as folder:
        kept = Kept(Path(folder) / "kept" / "sums.parquet", "1")
        for rows in builds:
            found = kept.made(frame(rows), ["key"], Maker())
            assert found.equals(Maker()(frame(rows)))


def test_only_what_changed_is_made(tmp_path):
    """A second build makes the groups with new, other or fewer rows, and no others."""
    kept, maker = Kept(tmp_path / "sums.parquet", "1"), Maker()
    kept.made(frame([("a", 1), ("b", 1), ("c", 1), ("c", 2)]), ["key"], maker)
    kept.made(frame([("c", 1), ("b", 2), ("a", 1), ("d", 1)]), ["key"], maker)
    kept.made(frame([("d", 1), ("a", 1), ("b", 2), ("c", 1)]), ["key"], maker)
    assert maker.asked == [{"a", "b", "c"}, {"b", "c", "d"}, set()]


@pytest.mark.parametrize("spoil", ["version", "bytes", "gone"])
def test_a_cache_that_cannot_be_used_costs_time_only(tmp_path, spoil):
    """Of another version, damaged or deleted: everything is made anew, and right."""
    path, maker = tmp_path / "sums.parquet", Maker()
    Kept(path, "1").made(frame([("a", 1)]), ["key"], maker)
    if spoil == "bytes":
        path.write_bytes(path.read_bytes()[:40])
    elif spoil == "gone":
        path.unlink()
    found = Kept(path, "2" if spoil == "version" else "1").made(frame([("a", 1)]), ["key"], maker)
    assert found.rows() == [("a", 1)]
    assert maker.asked == [{"a"}, {"a"}]


def test_a_place_that_cannot_be_written_ends_nothing(tmp_path):
    """Where nothing can be kept the result is there all the same."""
    (tmp_path / "kept").write_text("a file, no folder")
    kept = Kept(tmp_path / "kept" / "sums.parquet", "1")
    assert kept.made(frame([("a", 1)]), ["key"], Maker()).rows() == [("a", 1)]


def test_a_new_run_refits_its_own_sensor_only(tmp_path):
    """Baselines of other sensor epochs are kept; all are those of a fit of everything."""
    bins = bins_of(1, n_runs=8)[0]
    other = bins.with_columns(sensor_epoch=pl.lit("wrist"), value=500.0 - pl.col("value"))
    kept, asked = Kept(tmp_path / "baseline.parquet", "1"), []

    def fit(rows):
        asked.append(set(rows["sensor_epoch"]))
        return fit_baseline(rows)

    before = pl.concat([bins.filter(pl.col("run_id") != "run0007"), other])
    kept.made(before, KEY, fit)
    found = kept.made(pl.concat([bins, other]), KEY, fit)
    assert asked == [{"strap", "wrist"}, {"strap"}]
    assert found.equals(fit_baseline(pl.concat([bins, other])))
