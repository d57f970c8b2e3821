"""Real files of many makers: none crashes, each gets the status it deserves, watches agree."""

from __future__ import annotations

import csv
import importlib.util
import statistics
import sys
from pathlib import Path

import polars as pl
import pytest

from carryover.app import ingest
from carryover.home import Home
from carryover.settings import load_settings
from carryover.warehouse.read import open_published

ASIDE = {
    # cut off or changed: what is whole is used, and the reason says where
    "ELEMNT_ROAM_Unterminated.a3a54a65.fit": ("partial", "ends in the middle of a message"),
    "nick.fit": ("partial", "ends in the middle of a message"),
    "activity-unexpected-eof.fit": ("partial", "cut off: 756 of 759 bytes"),
    "activity-filecrc.fit": ("partial", "checksum at byte 769"),
    "activity-activity-filecrc.fit": ("partial", "checksum at byte 1540"),
    "activity-settings-corruptheader.fit": ("partial", "83 bytes after byte 771"),
    "activity-settings-nodata.fit": ("partial", "cut off: 3 of 70 bytes"),
    "strava-android-app-201.10-b1218918.fit": (
        "partial",
        "damaged after byte 7471 and in 16 more places",
    ),
    "raw_run.fit": ("partial", "checksum at byte 39298"),
    "10825317578.fit": ("partial", "cut off: 70984 of 106216 bytes"),
    "valid_only_contain_fileid.fit": ("partial", "no summary"),
    # clocks that were never set, and what is no activity file at all
    "compressed-speed-distance.fit": ("rejected", "clock was never set"),
    "antfs-dump.63.fit": ("rejected", "clock was never set"),
    "Mojstrovka.gpx": ("rejected", "1901"),
    "test_invalid_format.fit": ("rejected", "not a FIT file"),
    # sound files that hold nothing for us
    "unicode_with_bom.gpx": ("unsupported", "nothing to measure"),
    "MonitoringFile.fit": ("unsupported", "all-day monitoring"),
    "Settings2.fit": ("unsupported", "watch settings"),
    "WorkoutRepeatSteps.fit": ("unsupported", "a planned workout"),
    "MANIFEST.csv": ("unsupported", "neither FIT"),
    # the same recording twice
    "12866632127.fit.gz!12866632127.fit": ("duplicate", "same recording"),
    "triathlon_summary_last.fit": ("duplicate", "same recording"),
    "testdata.tcx": ("duplicate", "same recording"),  # the watch's own file stands before it
}
"""File → status and a fragment of its reason; every file that is not here is plainly loaded."""
WELLNESS_DAY = "2018-03-26.zip!"
"""An account export of one day: six monitoring files, none an activity."""


def load_witness():
    path = Path(__file__).parents[1] / "benchmarks" / "witness.py"
    spec = importlib.util.spec_from_file_location("witness", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


witness = load_witness()


@pytest.fixture(scope="session")
def home(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """All real files, read and published once."""
    return witness.built(corpus, tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def ledger(home: Home) -> pl.DataFrame:
    """Every content and what became of it; `name` is the file's own, with the way inside."""
    with open_published(home.published) as reader:
        frame = reader.frame("select * from source_file order by path")
    return frame.with_columns(name=pl.col("path").str.split("/").list.last())


@pytest.fixture(scope="session")
def rows(home: Home):
    """Ask the published tables."""

    def ask(query: str) -> list[tuple]:
        with open_published(home.published) as reader:
            return reader.frame(query).rows()

    return ask


def told(ledger: pl.DataFrame, name: str) -> tuple[str, str]:
    status, reason = ledger.filter(pl.col("name") == name).select("status", "reason").row(0)
    return status, reason or ""


@pytest.mark.parametrize("name", ASIDE)
def test_a_file_set_aside_has_the_status_and_reason_it_deserves(ledger, name):
    """What is wrong with a real file is named in words that fit it."""
    status, reason = told(ledger, name)
    expected, fragment = ASIDE[name]
    assert status == expected
    assert fragment in reason


def test_every_other_real_file_is_plainly_loaded(ledger):
    """No file is set aside that the table does not name, and none loaded has a reason."""
    others = ledger.filter(
        ~pl.col("name").is_in(list(ASIDE)) & ~pl.col("path").str.contains(WELLNESS_DAY)
    )
    assert others.filter(pl.col("status") != "loaded")["path"].to_list() == []
    files = others.filter(~pl.col("kind").is_in(["zip", "gz"]))
    assert files["reason"].null_count() == files.height
    wellness = ledger.filter(pl.col("path").str.contains(WELLNESS_DAY))
    assert wellness["reason"].str.contains("all-day monitoring").to_list() == [True] * 6


def test_every_file_on_disk_is_accounted_for(corpus, home, ledger):
    """Found = loaded + partial + unsupported + rejected: nothing is lost on the way."""
    with (corpus / "MANIFEST.csv").open(encoding="utf-8", newline="") as stream:
        listed = {row["path"] for row in csv.DictReader(stream)}
    outer = ledger["path"].str.split("!").list.first().str.strip_prefix("corpus/")
    copies = int((ledger["n_places"] - 1).sum())
    assert set(outer) | {_copy(listed, outer)} == listed | {"MANIFEST.csv"}
    assert outer.n_unique() + copies == len(listed) + 1
    again = ingest(home, load_settings(home.root))
    assert (again.found, again.read) == (len(listed) + 1, 0)


def _copy(listed: set[str], outer: pl.Series) -> str:
    (copy,) = listed - set(outer)
    assert "byte-identical" not in copy
    return copy


def test_counts_of_every_status(ledger):
    """The numbers of each status, archives and their members counted each."""
    counts = dict(ledger.group_by("status").len().rows())
    assert counts == {
        "loaded": 72, "duplicate": 3, "partial": 11, "rejected": 4, "unsupported": 11
    }  # fmt: skip


def test_every_decodable_instant_is_kept(corpus, rows):
    """A plain run keeps the number of records that other readers count."""
    with (corpus / "MANIFEST.csv").open(encoding="utf-8", newline="") as stream:
        listed = {
            row["path"]: int(row["records"])
            for row in csv.DictReader(stream)
            if row["group"] == "run" and row["sessions"] == "1"
        }
    kept = rows(
        "select replace(s.path, 'corpus/', ''), a.n_records from activity a "
        "join source_file s on s.sha256 = a.source_sha256 where a.sport = 'running'"
    )
    # Three records a second are one instant (Strava app); standing watches repeat a second.
    lost = {p: (listed[p], n) for p, n in kept if p in listed and n < 0.97 * listed[p]}
    assert {Path(p).name for p in lost} == {
        "326104633.fit", "8e2b26ca7a974ef08b70498851a19f78.fit",
    }  # fmt: skip


def test_our_averages_agree_with_the_watch(home):
    """Each session average is within 2 % of ours, or there is a measured reason."""
    found = witness.witnesses(home)
    assert len(found) > 100
    assert [(w.path, w.metric, w.diff_pct) for w in found if not w.agrees and not w.why] == []


def test_counted_as_the_watch_counts_nearly_all_agree(home):
    """Over the watch's own seconds nine in ten averages agree: the reading is right."""
    found = witness.witnesses(home)
    close = [w for w in found if abs(w.counted_diff_pct) <= witness.TOLERANCE_PCT]
    assert len(close) >= 0.9 * len(found)
    balance = [w for w in found if w.metric == "stance_time_balance_pct"]
    assert max(abs(w.watch - w.ours) for w in balance) < 0.15


def test_half_of_the_averages_agree_to_half_a_per_cent(home):
    """Of every metric the median difference, counted as the watch counts, is below 0.5 %."""
    found = witness.witnesses(home)
    for name in witness.METRICS:
        off = [abs(w.counted_diff_pct) for w in found if w.metric == name]
        assert len(off) >= 10, name
        assert statistics.median(off) < witness.MEDIAN_PCT, name


def test_no_reason_is_left_over(home):
    """Every reason in the table is needed: a difference that is gone takes its reason along."""
    needed = {(Path(w.path).name, w.metric) for w in witness.witnesses(home) if not w.agrees}
    assert set(witness.REASONS) <= needed


def test_no_walk_and_no_ride_became_a_run(rows):
    """Sports come from the file: walks, rides and gym visits with dynamics are no runs."""
    names = "('garmin-fenix-5-walk.fit', 'Ride_on_10_6_2026_.fit', '10825317578.fit')"
    found = rows(
        "select a.sport, a.run_id from activity a join source_file s "
        f"on s.sha256 = a.source_sha256 where s.path.split('/')[-1] in {names}"
    )
    assert len(found) == 3
    assert {run_id for _, run_id in found} == {None}


def test_a_recording_repeated_in_one_file_counts_once(rows):
    """Two chained copies of one activity are one recording, and no run has an instant twice."""
    found = rows(
        "select count(*), max(a.n_records) from activity a join source_file s "
        "on s.sha256 = a.source_sha256 where s.path like '%activity-activity-filecrc.fit'"
    )
    assert found == [(1, 14)]
    doubled = rows("select run_id from sample group by run_id, recorded_at having count(*) > 1")
    assert doubled == []


def test_a_fit_and_its_tcx_are_one_recording_and_the_fit_tells_it(rows):
    """FIT and TCX of one watch are one recording, told by the FIT; the GPX is named by content."""
    found = rows(
        "select s.kind, a.activity_id, s.status from source_file s "
        "join activity a using (activity_id) where s.path like '%testdata.%' order by all"
    )
    assert [(kind, status) for kind, _, status in found] == [
        ("fit", "loaded"), ("gpx", "loaded"), ("tcx", "duplicate")
    ]  # fmt: skip
    (fit, gpx, tcx) = found
    assert fit[1] == tcx[1] != gpx[1]
    told = rows(f"select kind from activity a join source_file s on s.sha256 = a.source_sha256 "
                f"where a.activity_id = '{fit[1]}'")  # fmt: skip
    assert told == [("fit",)]


def test_two_watches_that_wrote_tcx_are_one_run(rows):
    """Worn on both wrists: two recordings, one run, its instants from the fuller one."""
    found = rows(
        "select a.run_id, a.device, a.n_records from activity a join source_file s "
        "on s.sha256 = a.source_sha256 where s.path like '%garmin_data/%.tcx' order by a.device"
    )
    assert len(found) == 2
    assert len({run_id for run_id, *_ in found}) == 1
    (kept,) = rows(f"select count(*) from sample where run_id = '{found[0][0]}'")
    assert kept == (748,)


@pytest.mark.parametrize(
    ("folder", "n_recordings"),
    [("trio/aaron-schroeder__heartandsole", 2), ("pair/eskemojoe007__garmin_data", 2),
     ("pair/irvingbennett__running_page", 1)],
)  # fmt: skip
def test_files_of_one_run_are_one_run(rows, folder, n_recordings):
    """A FIT with its GPX and TCX, two wrists of one run, a copy: each is one run, no more."""
    found = rows(
        "select r.run_id, r.n_sources, count(distinct a.activity_id) from run r "
        "join activity a using (run_id) join source_file s on s.sha256 = a.source_sha256 "
        f"where s.path like '%{folder}%' group by all"
    )
    assert [row[1:] for row in found] == [(n_recordings, n_recordings)]


def test_the_page_of_the_witness_names_every_difference(home):
    """docs/witness.md lists the runs and metrics that differ today, no others."""
    shown = [line for line in witness.TARGET.read_text("utf-8").splitlines() if ".fit |" in line]
    listed = {tuple(cell.strip() for cell in line.split("|")[1:3]) for line in shown}
    found = [w for w in witness.witnesses(home) if not w.agrees]
    assert listed == {(Path(w.path).name, witness.metric_of(w.metric).label) for w in found}
