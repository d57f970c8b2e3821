"""`registrations.csv`: read as it was written, only ever added to, told where it was edited."""

from __future__ import annotations

import datetime as dt

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carryover import app, registry, stamp
from carryover.doctor import examine
from carryover.errors import CarryoverError
from carryover.estimates import estimates
from carryover.registrations import FILE_NAME, REGISTRATION, read_registrations, with_added
from carryover.settings import Settings
from carryover.warehouse.models import sql_models
from homes import home_with
from made_runs import DAY_S, Made, watch

UTC = dt.UTC
NIGHT = dt.datetime(2024, 7, 9, 3, 0, 7, 123456, tzinfo=UTC)
RUNNER = {"athlete": {"no_sessions_before_log": True}}
CADENCE = Settings.model_validate(RUNNER)
SLOWER = Settings.model_validate(RUNNER | {"analysis": {"tau_d": 21.0}})
LOG = """date,exercise,sets,reps,weight_kg
2024-05-15,hip thrust,3,8,60
2024-06-10,hip thrust,3,8,60
"""
N_RUNS = 22
DOSED = {
    "session_dose", "session_work", "set_work", "dose_channel", "dose_day", "dose_estimate",
    "strength_session", "strength_set",
}  # fmt: skip

number = st.floats(allow_nan=False, allow_infinity=False)
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=30)
ROW = st.fixed_dictionaries(
    {
        "athlete_id": st.from_regex(r"[A-Za-z0-9_.-]{1,12}", fullmatch=True),
        "version": st.integers(1, 999),
        "frozen_at": st.integers(0, 4_000_000_000).map(lambda s: dt.datetime.fromtimestamp(s, UTC)),
        "exposure": st.just("strength"),
        "metric": st.sampled_from(["stance_time_ms", "cadence_spm"]),
        "outcome": st.sampled_from(["level", "decay"]),
        "tau_d": number, "swc": st.none() | number, "good_side": st.sampled_from(["up", "none"]),
        "drift_mean": st.none() | number, "drift_ci_low": st.none() | number,
        "drift_ci_high": st.none() | number, "n_values_then": st.integers(0, 9999),
        "n_runs_then": st.integers(0, 9999), "n_weeks_then": number,
        "chosen_by": st.sampled_from(["order", "configuration"]), "config_hash": TEXT,
        "saw_answer": st.booleans(), "reason": TEXT.map(lambda t: f'{t}, "so"; and on'),
    }
)  # fmt: skip
ROWS = st.lists(ROW, min_size=1, max_size=4, unique_by=lambda r: (r["athlete_id"], r["version"]))


def frame(rows):
    return pl.DataFrame(rows, schema=REGISTRATION, orient="row")


def one(version=1, **more):
    """Return one plausible row."""
    return frame([{
        "athlete_id": "me", "version": version, "frozen_at": NIGHT.replace(microsecond=0),
        "exposure": "strength", "metric": "cadence_spm", "outcome": "level", "tau_d": 28.0,
        "swc": 1.7, "good_side": "none", "n_values_then": 22, "n_runs_then": 22,
        "n_weeks_then": 9.1, "chosen_by": "order", "config_hash": "abc", "saw_answer": False,
        "reason": "the first of the declared order, as it is",
    } | more])  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(first=ROWS, later=ROWS)
def test_round_trip(first, later):
    """What is written comes back to the last digit; adding changes no byte that stands there."""
    known = {(row["athlete_id"], row["version"]) for row in first}
    new = [row for row in later if (row["athlete_id"], row["version"]) not in known]
    content = with_added(b"", frame(first))
    longer = with_added(content, frame(new))
    assert longer.startswith(content)
    held = read_registrations(longer)
    assert held.rows.equals(frame([*first, *new]))
    assert held.faults.is_empty()


@settings(deadline=None, max_examples=60)
@given(rows=ROWS, data=st.data())
def test_an_edited_row_is_not_believed(rows, data):
    """Whatever letter of a row is changed, that row is a fault and all others stand."""
    lines = with_added(b"", frame(rows)).decode().splitlines()
    at = data.draw(st.integers(1, len(lines) - 1))
    place = data.draw(st.integers(0, len(lines[at]) - 1))
    letter = data.draw(st.sampled_from('x7,"').filter(lambda c: c != lines[at][place]))
    lines[at] = lines[at][:place] + letter + lines[at][place + 1 :]
    held = read_registrations("\n".join(lines).encode())
    assert held.rows.equals(frame(rows[: at - 1] + rows[at:]))
    assert f"line {at + 1} is not as it was written" in held.faults["what"].item()


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n", b"\xff\xfe\x00", b"a,b\n1,2\n", b'"\n"', b"\x00\x00\n", b"me,1\n" * 3],
)
def test_nonsense_is_told(content):
    """No content makes reading fail; what is no row is told, an empty file holds nothing."""
    held = read_registrations(content)
    assert held.rows.is_empty()
    assert held.faults.height == len([line for line in content.split(b"\n") if line])


def test_a_version_that_stands_twice():
    """The first row of a version stands; the second is told."""
    content = with_added(with_added(b"", one()), one(reason="another, later"))
    held = read_registrations(content)
    assert held.rows.equals(one())
    assert "line 3 repeats version 1 of me" in held.faults["what"].item()


def test_a_row_with_a_right_hash_and_no_sense():
    """A row whose hash is right is believed only where each cell is what it should be."""
    right = with_added(b"", one()).decode()
    assert read_registrations(right.encode()).rows.height == 1
    for name, value in (("version", "one"), ("tau_d", ""), ("saw_answer", "perhaps")):
        cells = one().with_columns(pl.all().cast(pl.String)).with_columns(**{name: pl.lit(value)})
        content = with_added(b"", cells)
        held = read_registrations(content)
        assert (held.rows.height, held.faults.height) == (0, 1), name


def test_a_question_is_fixed_without_any_dose():
    """No table that holds a dose has a part in fixing a question, however far back."""
    with duckdb.connect() as connection:
        models = {m.name: m for m in [*sql_models(connection), *estimates(Settings())]}
    reads, left = set(), ["registration_state"]
    while left:
        found = set(models[name].reads) if (name := left.pop()) in models else set()
        left += found - reads
        reads |= found
    assert "outcome" in reads
    assert models.keys() >= DOSED
    assert not reads & DOSED


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A home with nine weeks of runs, after the night that fixes its question.

    The program does not change while these tests run, even if its files do.
    """
    files = {
        f"{k:02d}.fit": watch(Made(seed=k, seconds=1620), since_s=3 * k * DAY_S)
        for k in range(N_RUNS)
    }  # fmt: skip
    files["strength.csv"] = LOG.encode()
    home = home_with(tmp_path_factory.mktemp("home"), files)
    app.ingest(home, CADENCE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "program", lambda: "one")
        patch.setattr(stamp, "program", lambda: "one")
        app.build_and_publish(home, CADENCE, now=NIGHT)
        yield home


def asked(home, names="version, metric, outcome, frozen_at, is_current, saw_answer"):
    return app.ask(home, f"select {names} from registration order by version").rows()


FROZEN = NIGHT.replace(microsecond=0)
FIRST = (1, "cadence_spm", "level", FROZEN, True, False)


def test_nights(published):
    """A question is fixed on its night and kept; nights, rebuilds and edits leave it alone."""
    home, path = published, published.root / FILE_NAME
    assert asked(home) == [FIRST]
    content = path.read_bytes()
    row = app.ask(home, "select * from carry_over where role = 'primary'").row(0, named=True)
    assert (row["registered_version"], row["registered_on"]) == (1, dt.date(2024, 7, 9))
    told = "\n".join(finding.text() for finding in examine(home.root))
    assert "me: question fixed on 2024-07-09: cadence, the first of the declared order" in told

    # Nothing is new: no rebuild, and the file stays; a rebuild gives the same tables.
    later = NIGHT + dt.timedelta(days=1)
    assert app.build_and_publish(home, CADENCE, now=later) is False
    assert app.build_and_publish(home, CADENCE, now=later, force=True)
    assert asked(home) == [FIRST]
    assert path.read_bytes() == content

    # Another configuration makes version 2, below version 1.
    assert app.build_and_publish(home, SLOWER, now=later)
    old, new = asked(home)
    assert old == (*FIRST[:4], False, False)
    assert new == (2, "cadence_spm", "level", later.replace(microsecond=0), True, True)
    assert path.read_bytes().startswith(content)
    assert app.build_and_publish(home, SLOWER, now=later) is False

    # An edited row builds anew, is told, and is not believed.
    both = path.read_text()
    path.write_text(both.replace("cadence_spm", "stance_time_ms", 1))
    assert app.build_and_publish(home, SLOWER, now=later)
    assert [row[0] for row in asked(home)] == [2]
    issues = "select what, athlete_id from data_issue where subject = 'registrations.csv'"
    assert app.ask(home, issues).rows() == [
        ("line 2 is not as it was written: it is not believed", "me")
    ]
    told = "\n".join(finding.text() for finding in examine(home.root))
    assert "line 2 is not as it was written" in told

    # A deleted file starts again, says so by its date, and that an answer had been shown.
    path.unlink()
    much_later = NIGHT + dt.timedelta(days=50)
    assert app.build_and_publish(home, CADENCE, now=much_later)
    assert asked(home) == [(*FIRST[:3], much_later.replace(microsecond=0), True, True)]
    assert "after an answer had been shown" in app.ask(home, issues)["what"].item()

    # The file outlives the warehouse.
    path.write_text(both)
    for held in home.warehouse_dir.glob("carryover.duckdb*"):
        held.unlink()
    assert app.build_and_publish(home, SLOWER, now=much_later)
    assert asked(home) == [old, new]
    assert path.read_text() == both


def test_a_file_that_cannot_be_written(published):
    """A question that cannot be kept is an error; the next attempt keeps it."""
    path = published.root / FILE_NAME
    content = path.read_bytes()
    questions = registry.told_by(published.published).questions
    path.unlink()
    beside = path.with_suffix(".new")
    beside.mkdir()
    with pytest.raises(CarryoverError, match="cannot be kept"):
        registry.keep(published, questions)
    beside.rmdir()
    registry.keep(published, questions)
    assert path.read_bytes() == content
    path.unlink()
    path.mkdir()
    with pytest.raises(CarryoverError, match="cannot be read"):
        registry.digest(published)
    path.rmdir()
    path.write_bytes(content)
