"""The benchmark compares like with like: the same files, the same rows, or no time at all."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

import fit_bytes
from benchmarks import fit_columns, odd_files, readers, runs, tables, whole_way
from carryover.decode.fit import read_fit

OWN = {"carryover", "fitparse"}


@pytest.fixture(scope="module")
def run():
    made = fit_bytes.begin()
    rows = [
        {"timestamp": s, "heart_rate": 120 + s % 9, "distance": 2.5 * s, "speed": 2.5}
        for s in range(90)
    ]
    return runs.Run("made.fit", fit_bytes.records(made, rows).file())


def rows_of(text):
    """Return the rows of a Markdown table as lists of cells, by their first word."""
    lines = [line for line in text.splitlines() if line.startswith("| ")][2:]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {row[0].split()[0].rstrip(","): row for row in cells}


@pytest.fixture
def without_peers(monkeypatch):
    monkeypatch.setattr(readers, "installed", lambda name: "1.0" if name in OWN else None)


def test_a_missing_reader_is_shown_as_not_installed(run, without_peers):
    """Every reader has a row: with numbers where it is installed, else saying that it is not."""
    told = rows_of(fit_columns.one_run(run, rounds=1))
    assert set(told) == {reader.name.split()[0] for reader in readers.READERS}
    for name, cells in told.items():
        if name in OWN:
            assert all(cells)
        else:
            assert cells[1:] == ["not installed", *[""] * 5]
    assert told["fitparse"][-1] == "1.00"


def test_a_batch_is_read_together_and_one_after_another(run, without_peers):
    """The batch's table tells both ways of our reader, on files that all differ."""
    text = fit_columns.batch([run], rounds=1, files=3)
    assert "| carryover 1.0, 3 together | polars |" in text
    assert "| carryover 1.0 | polars |" in text
    assert len(set(runs.variations([run], 3))) == 3


def test_a_reader_that_reads_otherwise_is_not_timed(run):
    """A reader with other sums than most, or one that refuses, gets its fault instead of a time."""
    honest, good = readers.READERS[0], readers.READERS[-1]

    def short(content):
        return {name: values[:-1] for name, values in good.open_it()(content).items()}

    def stops(content):
        raise ValueError("no such thing")

    odd = [
        readers.Reader("short", "fitparse", lambda: short, "lists"),
        readers.Reader("stops", "fitparse", lambda: stops, "lists"),
    ]
    told = rows_of(fit_columns.one_run(run, rounds=1, readers=[*odd, honest, good]))
    assert told["short"][1].startswith("wrong: 89 records")
    assert told["stops"][1:] == ["refused: no such thing", *[""] * 5]
    assert all(told["carryover"])
    assert all(told["fitparse"])


def test_a_variation_is_the_same_run_on_another_day(run):
    """A moved run is a sound file whose values are the same and whose times differ by days."""
    day = dt.date(2026, 3, 1)
    before, after = (read_fit([c]) for c in (run.content, run.on_day(day)))
    assert after.faults == ()
    assert after.refused == {}
    old, new = before.frame("record"), after.frame("record")
    assert old.drop("timestamp").equals(new.drop("timestamp"))
    moved = (new["timestamp"] - old["timestamp"]).unique()
    assert moved.len() == 1
    assert moved[0] % dt.timedelta(days=1) == dt.timedelta(0)
    created = after.frame("file_id")["time_created"][0]
    assert created.date() == day
    assert new["timestamp"].min() >= created


def test_real_runs_vary_soundly(corpus):
    """What holds for a made run holds for each run of the corpus that is measured."""
    for real in runs.chosen_runs(corpus):
        old, new = (
            read_fit([content]) for content in (real.content, real.on_day(dt.date(2026, 3, 1)))
        )
        assert len(new.faults) == len(old.faults)
        frames = [one.frame("record").drop("timestamp") for one in (old, new)]
        assert frames[0].equals(frames[1])
        assert old.names() == new.names()


def test_the_whole_way_tells_each_way():
    """A night over a few runs stands between the bare insert and the ordinary script."""
    made = runs.made_runs(1, duration_s=600)
    text = whole_way.whole_way(made, n_runs=2, repeats=1, script_files=1)
    told = [line for line in text.splitlines() if line.startswith("| ")][2:]
    assert len(told) == 4
    assert "1,200 rows of `sample`" in text
    assert all(cell.strip() for line in told for cell in line.strip("|").split("|"))


def test_a_failing_step_says_why():
    """A step that fails in its own process stops the benchmark with its last line."""
    with pytest.raises(tables.StepError, match="No module named"):
        tables.in_fresh_process("benchmarks.no_such_thing")


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.9519, "0.952"), (8.9, "8.90"), (71.04, "71.0"), (937.4, "937"), (4276.0, "4,276")],
)
def test_numbers_keep_three_digits(value, text):
    """A measured number is told with three digits that count."""
    assert tables.number(value) == text


def test_totals_know_missing_from_zero():
    """A missing value counts nothing in a sum, whichever way a reader says missing."""
    columns = {"timestamp": [1, 2], "heart_rate": [None, 60], "distance": [float("nan"), 2.5]}
    frame = pl.DataFrame(columns, strict=False)
    for form in (columns, frame, frame.to_arrow()):
        assert readers.Totals.of([form]) == readers.Totals(2, 60.0, 2.5)


def test_what_a_reader_refuses_is_counted_with_its_reason(run, tmp_path):
    """Files that a reader refuses, or reads other records of, are told beside those it reads."""
    honest, good = readers.READERS[0], readers.READERS[-1]

    def stops(content):
        raise ValueError("nothing at byte 17. Try again.")

    def short(content):
        return {name: values[:-1] for name, values in good.open_it()(content).items()}

    for name in ("first.fit", "second.fit"):
        path = tmp_path / "odd" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(run.content)
    odd = [
        readers.Reader("stops", "fitparse", lambda: stops, "lists"),
        readers.Reader("short", "fitparse", lambda: short, "lists"),
    ]
    told = rows_of(odd_files.odd_files(tmp_path, readers=[honest, good, *odd]))
    assert told["carryover"][1:] == ["2 of 2", "", ""]
    assert told["stops"][1:3] == ["0 of 2", "2 × nothing at byte …"]
    assert told["short"][3] == "`first.fit`: 89 instead of 90; `second.fit`: 89 instead of 90"
