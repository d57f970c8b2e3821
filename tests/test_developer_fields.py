"""What pods and apps write: used where it is understood, listed where it is not, never lost."""

from __future__ import annotations

import gzip
import io
import warnings
from functools import cache
from pathlib import Path

import fitdecode
import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carryover.app import build_and_publish, ingest
from carryover.decode.fit_files import decode_fit_batch
from carryover.doctor import examine
from carryover.home import Home
from carryover.normalise import Batched, Owner, normalise_fit
from carryover.reading import READ
from carryover.settings import Athlete, Settings
from carryover.warehouse.read import open_published
from fit_bytes import LAP, RECORD, RECORD_FIELDS, at, begin, described, introduced, records, session
from fitdecode_witness import FOREIGN

STRYD = bytes.fromhex("18fb2cf01a4b430dad66988c847421f4")
NOBODY = bytes([7] * 16)
SECONDS = 20
NATIVE = {"speed": 3.0, "cadence": 85}
WRIST = NATIVE | {"stance_time": 260.0, "vertical_oscillation": 80.0, "vertical_ratio": 8.0}
STRAP = WRIST | {"stance_time_balance": 50.4}


def read(content: bytes, name: str = "run") -> Batched:
    decoded = decode_fit_batch([content], READ)
    return normalise_fit(decoded.messages, [Owner(Athlete(), name)], decoded.developer)


def pod(fields, *, app=NOBODY, native=NATIVE, seconds=SECONDS) -> bytes:
    """A run beside an application's fields (name, unit, value or values, base type)."""
    made = introduced(begin(), app)
    for number, (name, units, _, base) in enumerate(fields):
        described(made, number, base, name, units)
    told = [(253, "uint32", 1), *((*RECORD_FIELDS[n][:2], 1) for n in native)]
    own = [(number, base, 1, 0) for number, (*_, base) in enumerate(fields)]
    made.define(1, RECORD, told, developer=own)
    for second in range(seconds):
        cells = [round(value * RECORD_FIELDS[n][2]) for n, value in native.items()]
        values = [v[second] if isinstance(v, list) else v for _, _, v, _ in fields]
        made.data(1, at(second), *cells, *values)
    return session(made, elapsed_s=seconds).file()


def one(name, units, value, base="uint16"):
    return [(name, units, value, base)]


GROUND = ("Ground Time", "Milliseconds", 241, "uint16")
OSCILLATION = ("Vertical Oscillation", "Centimeters", 7.5, "float32")


def sample(content: bytes) -> pl.DataFrame:
    return read(content).frames["sample"]


def listed(batch: Batched) -> dict[str, dict]:
    return {row["name"]: row for row in batch.frames["developer_field"].to_dicts()}


def series(batch: Batched) -> dict[str, dict]:
    found = batch.frames.get("developer_series")
    return {} if found is None else {row["name"]: row for row in found.to_dicts()}


def source(batch: Batched) -> str:
    return batch.frames["activity"]["dynamics_source"][0]


FILLS = [
    # application, name, unit, value, base → channel, value there
    (NOBODY, "Ground Time", "Milliseconds", 241, "uint16", "stance_time_ms", 241.0),
    (NOBODY, " ground time", "MS", 241, "uint16", "stance_time_ms", 241.0),
    (NOBODY, "Vertical Oscillation", "Centimetres", 7, "uint16", "vertical_oscillation_mm", 70.0),
    (NOBODY, "Leg Spring Stiffness", "KN/m", 9.5, "float32", "leg_spring_stiffness_knpm", 9.5),
    (STRYD, "Power", "Watts", 250, "uint16", "power_w", 250.0),
    (NOBODY, "RP_Power", "W", 250, "uint16", "power_w", 250.0),
    (NOBODY, "RunningGroundContactTime", "ms", 241, "uint16", "stance_time_ms", 241.0),
    (NOBODY, "StrideLength", "m", 1.1, "float32", "step_length_mm", 1100.0),
    (NOBODY, "Stryd Temperature", "c", 17, "sint8", "temperature_c", 17.0),
]


@pytest.mark.parametrize(("app", "name", "units", "value", "base", "channel", "expected"), FILLS)
def test_a_known_field_fills_its_channel_in_our_unit(
    app, name, units, value, base, channel, expected
):
    """Name, unit and application decide, whatever capitals and aliases a maker writes."""
    batch = read(pod(one(name, units, value, base), app=app))
    held = batch.frames["sample"][channel]
    assert held.to_list() == pytest.approx([expected] * SECONDS)
    assert next(iter(listed(batch).values()))["used_as"] == f"fills {channel}"
    assert series(batch) == {}


@pytest.mark.parametrize(
    ("name", "units", "value", "why"),
    [
        ("Ground Time", "s", 241, "unknown unit"),
        ("Ground Time", "Milliseconds", 1500, "implausible: median 1500 Milliseconds"),
        ("Contact", "ms", 241, "unknown field"),
        ("Ground Time Balance", "%", 0, "all zero"),
        ("Form Power", "Watts", 70, "no column of ours"),
    ],
)
def test_a_field_that_is_not_understood_is_kept_with_its_reason(name, units, value, why):
    """A name alone proves nothing; what is not used is listed, and its values stay."""
    batch = read(pod(one(name, units, value)))
    assert batch.frames["sample"]["stance_time_ms"].null_count() == SECONDS
    row = listed(batch)[name]
    assert row["channel"] is None
    assert why in row["used_as"]
    assert (row["n_values"], row["median_value"]) == (SECONDS, value)
    assert series(batch)[name]["value"] == [value] * SECONDS
    assert series(batch)[name]["elapsed_s"] == [float(i) for i in range(SECONDS)]


@pytest.mark.parametrize(
    ("fields", "app", "channel", "expected"),
    [
        (one("Vertical Oscillation", "cm", 85.0, "float32"), STRYD, "vertical_oscillation_mm", 85),
        (one("Vertical Oscillation", "mm", 7.5, "float32"), STRYD, "vertical_oscillation_mm", 75),
        (one("Cadence", "RPM", 172), STRYD, "cadence_spm", 172),
        (one("Cadence", "SPM", 86), STRYD, "cadence_spm", 172),
        (one("Cadence", "RPM", 86), STRYD, "cadence_spm", 172),
        (one("Cadence", "steps/min", 172), NOBODY, "cadence_spm", 172),
    ],
)
def test_where_unit_and_values_contradict_the_values_decide(fields, app, channel, expected):
    """Millimetres called cm, steps called strides: read as what they are, and a person is told."""
    batch = read(pod(fields, app=app, native={"speed": 3.0}))
    assert batch.frames["sample"][channel].to_list() == pytest.approx([expected] * SECONDS)
    told = [p.what for p in batch.files[0].problems if "read as that" in p.what]
    contradicts = fields[0][2] * {"cm": 10, "mm": 1, "RPM": 2}.get(fields[0][1], 1) != expected
    assert bool(told) == contradicts


def test_standing_is_no_contact_time():
    """A pod's 1,000 and more milliseconds while standing are no value; the run's median decides."""
    held = sample(pod(one("Ground Time", "ms", [241] * 15 + [1400] * 5)))["stance_time_ms"]
    assert held.to_list() == [241.0] * 15 + [None] * 5


def test_a_pod_replaces_what_a_watch_computed_and_both_stay():
    """Contact and oscillation both come from the pod; the watch's own are kept beside."""
    batch = read(pod([GROUND, OSCILLATION], native=WRIST))
    frame = batch.frames["sample"]
    assert source(batch) == "Stryd app"
    assert frame["stance_time_ms"].to_list() == [241.0] * SECONDS
    assert frame["vertical_oscillation_mm"].to_list() == [75.0] * SECONDS
    assert frame["vertical_ratio_pct"].null_count() == SECONDS
    kept = series(batch)
    assert kept["stance_time_ms"]["value"] == [260.0] * SECONDS
    assert kept["vertical_oscillation_mm"]["value"] == [80.0] * SECONDS
    assert kept["vertical_ratio_pct"]["application_id"] == "native"
    assert listed(batch)["stance_time_ms"]["used_as"] == "Stryd's own stance_time_ms is used"


def test_a_pod_without_oscillation_leaves_the_watchs_with_its_ratio():
    """Two watch values that belong together stay; both sources are named."""
    batch = read(pod([GROUND], native=WRIST))
    frame = batch.frames["sample"]
    assert frame["stance_time_ms"][0] == 241.0
    assert frame.select("vertical_oscillation_mm", "vertical_ratio_pct").row(0) == (80.0, 8.0)
    assert source(batch) == "Stryd app and watch"


def test_a_strap_stands_before_a_pod():
    """Balance says that a strap measured: nothing of its dynamics gives way."""
    batch = read(pod([GROUND, OSCILLATION], native=STRAP))
    frame = batch.frames["sample"]
    assert frame.select("stance_time_ms", "vertical_oscillation_mm").row(0) == (260.0, 80.0)
    assert source(batch) == "strap or pod"
    assert listed(batch)["Ground Time"]["used_as"] == "the watch's own field is used"
    assert series(batch)["Ground Time"]["value"] == [241.0] * SECONDS


@given(n=st.integers(0, SECONDS))
def test_a_pod_must_cover_half_of_what_it_replaces(n):
    """A pod that fell silent does not take the watch's contact time away."""
    told = [241] * n + [None] * (SECONDS - n)
    batch = read(pod(one("Ground Time", "ms", told), native=WRIST))
    wins = n >= SECONDS / 2
    assert batch.frames["sample"]["stance_time_ms"][0] == (241.0 if wins else 260.0)
    assert source(batch) == ("Stryd app and watch" if wins else "watch")


def test_an_apps_other_values_never_replace_the_watchs():
    """Power and cadence of a pod fill only what the watch left wholly empty."""
    fields = [("Power", "Watts", 300, "uint16"), ("Cadence", "RPM", 60, "uint16")]
    frame = sample(pod(fields, app=STRYD, native=NATIVE | {"power": 250}))
    assert frame.select("power_w", "cadence_spm").row(0) == (250.0, 170.0)


@given(
    left=st.integers(150, 400),
    right=st.integers(150, 400),
)
def test_two_sides_give_contact_time_and_balance(left, right):
    """RunScribe: contact time is the mean of both sides, balance the left side's share."""
    fields = [
        ("RS_ContactTime_L", "ms", left, "uint16"),
        ("RS_ContactTime_R", "ms", right, "uint16"),
        ("RS_Pronation_L", "deg", -11, "sint8"),
    ]
    batch = read(pod(fields))
    row = batch.frames["sample"].row(0, named=True)
    assert (row["stance_time_left_ms"], row["stance_time_right_ms"]) == (left, right)
    assert row["stance_time_ms"] == pytest.approx((left + right) / 2)
    assert row["stance_time_balance_pct"] == pytest.approx(100 * left / (left + right))
    assert 2 * row["stance_time_ms"] * row["stance_time_balance_pct"] / 100 == pytest.approx(left)
    assert source(batch) == "RunScribe app"
    assert series(batch)["RS_Pronation_L"]["value"] == [-11.0] * SECONDS


@given(left=st.integers(150, 400), right=st.integers(150, 400))
def test_the_order_of_two_pods_swaps_no_side(left, right):
    """A pod's side is in its field's name: whichever pod writes first, left stays left."""
    fields = [
        ("RS_ContactTime_R", "ms", right, "uint16"),
        ("RS_ContactTime_L", "ms", left, "uint16"),
    ]
    row = sample(pod(fields)).row(0, named=True)
    assert (row["stance_time_left_ms"], row["stance_time_right_ms"]) == (left, right)
    assert (row["stance_time_balance_pct"] > 50) == (left > right)
    assert row["stance_time_balance_pct"] == pytest.approx(100 * left / (left + right))


def test_one_side_alone_is_the_contact_time_and_no_balance():
    """A single pod tells nothing of the other foot."""
    row = sample(pod(one("RS_ContactTime_L", "ms", 240))).row(0, named=True)
    assert (row["stance_time_ms"], row["stance_time_balance_pct"]) == (240.0, None)


def test_sides_beside_a_straps_contact_time_are_only_listed():
    """Sides of one sensor never stand beside the contact time of another."""
    batch = read(pod(one("RS_ContactTime_L", "ms", 240), native=STRAP))
    assert batch.frames["sample"]["stance_time_left_ms"].null_count() == SECONDS
    assert list(series(batch)) == ["RS_ContactTime_L"]


def test_a_duos_balance_is_used_and_a_single_pods_zeros_are_not():
    """Contact balance of two pods fills the channel; 0 from a single pod is no value."""
    balance = ("Ground Time Balance", "%", 48.5, "float32")
    assert sample(pod([GROUND, balance]))["stance_time_balance_pct"].to_list() == [48.5] * SECONDS
    zero = ("Ground Time Balance", "%", 0.0, "float32")
    batch = read(pod([GROUND, zero]))
    assert batch.frames["sample"]["stance_time_balance_pct"].null_count() == SECONDS
    assert "all zero" in listed(batch)["Ground Time Balance"]["used_as"]


def test_a_duos_native_balance_stands_beside_its_app():
    """Two pods tell their balance in the native field, all else in their app's: one source."""
    batch = read(pod([GROUND, OSCILLATION], native=NATIVE | {"stance_time_balance": 48.5}))
    row = batch.frames["sample"].row(0, named=True)
    assert (row["stance_time_ms"], row["stance_time_balance_pct"]) == (241.0, 48.5)
    assert source(batch) == "Stryd app"


def test_makers_are_never_mixed():
    """Contact of one maker and oscillation of another are not one runner's form."""
    fields = [
        ("RS_ContactTime_L", "ms", 240, "uint16"),
        ("RS_ContactTime_R", "ms", 244, "uint16"),
        OSCILLATION,
    ]
    batch = read(pod(fields))
    assert batch.frames["sample"]["vertical_oscillation_mm"].null_count() == SECONDS
    assert source(batch) == "RunScribe app"
    assert "Vertical Oscillation" in series(batch)


def test_a_field_declared_anew_is_one_channel_row_by_row():
    """Re-declared in another unit half-way, a field is joined and nothing is lost."""
    made = introduced(begin(), STRYD)
    for half, (units, value) in enumerate([("RPM", 85), ("SPM", 172)]):
        described(made, 2, "uint8", "Cadence", units)
        made.define(1, RECORD, [(253, "uint32", 1)], developer=[(2, "uint8", 1, 0)])
        for second in range(10):
            made.data(1, at(10 * half + second), value)
    batch = read(session(made, elapsed_s=20).file())
    assert batch.frames["sample"]["cadence_spm"].to_list() == [170.0] * 10 + [172.0] * 10
    used = batch.frames["developer_field"]["used_as"].to_list()
    assert used == ["fills cadence_spm"] * 2


def test_every_declared_field_is_listed_wherever_it_stands():
    """Fields of laps, texts, arrays and those that are never filled are rows, too."""
    made = introduced(begin(), NOBODY)
    told = [("Lap Power", "uint16"), ("Word", "string"), ("Pair", "uint8"), ("Silent", "uint16")]
    for number, (name, base) in enumerate(told):
        described(made, number, base, name, "W")
    fields = [(1, "string", 6, 0), (2, "uint8", 2, 0)]
    made.define(1, RECORD, [(253, "uint32", 1), (6, "uint16", 1)], developer=fields)
    for second in range(3):
        made.data(1, at(second), 3000, "easy", (1, 2))
    made.define(5, LAP, [(253, "uint32", 1)], developer=[(0, "uint16", 1, 0)]).data(5, at(3), 250)
    rows = listed(read(session(made, elapsed_s=3).file()))
    told = {n: (r["message"], r["n_values"], r["first_text"]) for n, r in rows.items()}
    assert told == {
        "Lap Power": ("lap", 1, None), "Word": ("record", 3, "easy"),
        "Pair": ("record", 3, "1, 2"), "Silent": (None, 0, None),
    }  # fmt: skip
    assert rows["Lap Power"]["median_value"] == 250.0


def test_a_watch_without_apps_lists_nothing():
    """Files without developer fields have neither rows nor series."""
    made = session(records(begin(), [{"timestamp": i, "speed": 3.0} for i in range(9)]),
                   elapsed_s=9)  # fmt: skip
    assert not {"developer_field", "developer_series"} & set(read(made.file()).frames)


@cache
def real(path: Path) -> Batched:
    return read(content_of(path), path.name)


def content_of(path: Path) -> bytes:
    held = path.read_bytes()
    return gzip.decompress(held) if path.suffix == ".gz" else held


def runs(corpus: Path, name: str) -> Batched:
    (path,) = corpus.rglob(name)
    return real(path)


REAL = [
    # file → dynamics source, channel, median of the pod's or strap's values
    ("running.fit", "Stryd app", "stance_time_ms", 265.0),
    ("running.fit", "Stryd app", "vertical_oscillation_mm", 77.5),
    ("mornindew-broken.fit", "Stryd app", "stance_time_ms", 287.0),
    ("large.fit", "Stryd app", "leg_spring_stiffness_knpm", 10.875),
    ("activity_2477200414.fit", "strap or pod 3930504", "stance_time_ms", 253.0),
    ("track_cs_544406.fit", "strap or pod 3930504", "stance_time_ms", 268.0),
    ("activity_2545022458.fit", "strap or pod 6721263", "power_w", 319.0),
    ("developer-types-sample.fit", "Stryd pod", "leg_spring_stiffness_knpm", 14.25),
]


@pytest.mark.parametrize(("name", "told", "channel", "middle"), REAL)
def test_real_pods_and_straps(corpus, name, told, channel, middle):
    """Golden facts of real files: who measured, and what."""
    batch = runs(corpus, name)
    assert source(batch) == told
    assert batch.frames["sample"][channel].median() == pytest.approx(middle, rel=0.01)


def test_real_contact_times_are_those_of_running(corpus):
    """The pod's 1,564 ms of standing are out; what is left is exactly the possible part."""
    batch = runs(corpus, "running.fit")
    raw = decode_fit_batch([content_of(next(corpus.rglob("running.fit")))]).messages["record"]
    (column,) = [c for c in raw.columns if "Ground Time" in c]
    possible = raw[column].filter(raw[column].is_between(100, 450))
    assert batch.frames["sample"]["stance_time_ms"].drop_nulls().len() == possible.len()


def test_a_real_single_pods_balances_are_no_balance(corpus):
    """A pod whose app knows two feet writes 0 for all three balances: listed, not used."""
    rows = listed(runs(corpus, "567232369.fit"))
    balances = [row for name, row in rows.items() if name.endswith("Balance")]
    assert len(balances) == 3
    assert all("all zero" in row["used_as"] for row in balances)
    assert rows["CP"]["n_values"] == 0


def test_real_fields_that_are_declared_and_never_filled_are_listed(corpus):
    """A COROS watch declares a Stryd that was not worn: each of its fields stands with 0 values."""
    rows = listed(runs(corpus, "461944312576376844.fit"))
    silent = {name for name, row in rows.items() if row["n_values"] == 0}
    assert {"Form Power", "Leg Spring Stiffness", "Air Power", "Impact Loading Rate"} <= silent
    assert rows["Effort Pace"]["n_values"] > 0


def test_the_warehouse_and_the_doctor_tell_of_unused_fields(tmp_path):
    """Published: each field with its reason, values to unnest, the epoch; the doctor names them."""
    home = Home(tmp_path)
    home.prepare()
    fields = [GROUND, ("Form Power", "Watts", list(range(SECONDS)), "uint16")]
    (home.raw / "pod.fit").write_bytes(pod(fields, app=STRYD))
    ingest(home, Settings())
    build_and_publish(home, Settings())
    with open_published(home.published) as reader:
        values = reader.frame("select unnest(elapsed_s), unnest(value) from developer_series")
        epoch = reader.frame("select dynamics_source, opened_by, n_runs from sensor_epoch")
    assert values.rows() == [(float(i), float(i)) for i in range(SECONDS)]
    assert epoch.rows() == [("Stryd app", "first", 1)]
    (finding,) = [f.what for f in examine(tmp_path) if "Form Power" in f.what]
    assert STRYD.hex() in finding
    assert "in 1 recording: known, but no column of ours" in finding
    assert "0 to 19, median 9.5" in finding


def witnessed(content: bytes) -> set[str]:
    """Names of developer fields that fitdecode sees declared, as far as it can read."""
    names: set[str] = set()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            for frame in fitdecode.FitReader(io.BytesIO(content), processor=None):
                if frame.frame_type == fitdecode.FIT_FRAME_DATA and frame.global_mesg_num == 206:
                    name = frame.get_value("field_name", fallback=None)
                    name = name[0] if isinstance(name, tuple) else name
                    names |= {name.strip()} if name else set()
        except FOREIGN:
            pass
    return names


def test_nothing_that_a_real_run_declares_is_dropped(corpus):
    """What another reader sees declared in a run ends in a channel or in the list, with values."""
    checked = 0
    for path in sorted(corpus.rglob("*")):
        if not path.name.lower().endswith((".fit", ".fit.gz")):
            continue
        batch = real(path)
        activity = batch.frames.get("activity")
        if activity is None or not (activity["sport"] == "running").any():
            continue
        names = witnessed(content_of(path))
        frame = batch.frames.get("developer_field", pl.DataFrame({"name": []}))
        assert names <= set(frame["name"]), path.name
        checked += len(names)
        if names:
            assert_kept(batch)
    assert checked > 80


def assert_kept(batch: Batched) -> None:
    """Each numeric field of the records fills a channel, or its values are all there."""
    fields = batch.frames["developer_field"].filter(
        pl.col("message") == "record", pl.col("n_values") > 0, pl.col("median_value").is_not_null()
    )
    kept = {(r["activity_id"], r["application_id"], r["name"], r["units"]): r
            for r in batch.frames.get("developer_series", pl.DataFrame()).to_dicts()}  # fmt: skip
    for row in fields.to_dicts():
        key = (row["activity_id"], row["application_id"], row["name"], row["units"])
        assert (row["channel"] is None) == (key in kept)
        if key in kept:
            values = np.array(kept[key]["value"])
            assert len(values) == len(kept[key]["elapsed_s"]) == row["n_values"]
            assert np.median(values) == row["median_value"]
            assert (np.diff(kept[key]["elapsed_s"]) >= 0).all()
