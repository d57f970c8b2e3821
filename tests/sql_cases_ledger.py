"""Given → expected for what came in, and for tables that are told as they are given."""

from __future__ import annotations

from sql_harness import Case, table

PLACED = table("content_id place sha256", (1, "a.csv", "x"), (2, "b.csv", "y"))
DISK = table("place sha256", ("a.fit", "A"), ("b.fit", "A"), ("z.zip", "Z"), ("y.zip", "Z"))
MEMBERS = table("inner_place sha256 outer_sha256", ("!run.fit", "A", "Z"), ("!odd.fit", "O", "Z"),
                ("!gone.fit", "G", "unmounted"))  # fmt: skip


def both(test_id, left, right, test=None, unit=None):
    """Return a left and a right score of one test and day."""
    return table(
        "side score",
        ("left", left),
        ("right", right),
        test_id=test_id,
        test=test or test_id,
        unit=unit,
        athlete_id="me",
        local_date="2026-03-01",
    )


UNTOLD = "measured or computed is not known yet of {} ({}); it does not testify until it is"
BETWEEN = "what pace and cadence leave over is neither a sensor's noise nor none"

CASES = [
    Case(
        "placed_content",
        "a content stands once with its first place, however many copies and archives hold it",
        {
            "store.disk": DISK,
            "store.member": MEMBERS,
            "store.content": table(
                "content_id sha256",
                (1, "A"),
                (2, "O"),
                (3, "G"),
                (4, "Z"),
                kind="fit",
                size_bytes=1,
                status="loaded",
                athlete_id="me",
                decoder_key="k",
                ingested_at="2026-03-01 03:00+00",
            ),
        },
        table(
            "content_id place n_places", (1, "a.fit", 4), (2, "y.zip!odd.fit", 2), (4, "y.zip", 2)
        ),
    ),
    Case(
        "placed_content",
        "an empty file in an archive is nothing for us; one that lies on disk is a broken copy",
        {
            "store.disk": table("place sha256", ("a.fit", "A"), ("z.zip", "Z")),
            "store.member": table(
                "inner_place sha256 outer_sha256", ("!a.fit", "A", "Z"), ("!e.fit", "E", "Z")
            ),
            "store.content": table(
                "content_id sha256",
                (1, "A"),
                (2, "E"),
                kind="unknown",
                size_bytes=0,
                status="rejected",
                athlete_id="me",
                decoder_key="k",
                ingested_at="2026-03-01 03:00+00",
            ),
        },
        table("place status", ("a.fit", "rejected"), ("z.zip!e.fit", "unsupported")),
    ),
    Case(
        "source_place",
        "every place of a content is told, inside every copy of an archive",
        {"store.disk": DISK[1:], "store.member": MEMBERS[:1]},
        table(
            "path outer_sha256",
            ("b.fit", None),
            ("z.zip", None),
            ("y.zip", None),
            ("z.zip!run.fit", "Z"),
            ("y.zip!run.fit", "Z"),
        ),
    ),
    Case(
        "source_place",
        "each file has one status: copies are duplicates, a packed file is what it holds",
        {
            "store.disk": table(
                "place sha256",
                ("a.fit", "A"),
                ("b.fit", "A"),
                ("c.fit.gz", "G"),
                ("d.zip", "Z"),
                ("e.fit", "E"),
                ("f.fit", "E"),
            ),
            "store.member": table(
                "inner_place sha256 outer_sha256",
                ("!c.fit", "C", "G"),
                ("!a.fit", "A", "Z"),
                ("!h.fit.gz", "H", "Z"),
                ("!h.fit.gz!h.fit", "I", "Z"),
                ("!k.gz", "K", "Z"),
            ),
            "source_file": table(
                "sha256 kind status",
                ("A", "fit", "loaded"),
                ("G", "gz", "loaded"),
                ("C", "fit", "duplicate"),
                ("Z", "zip", "loaded"),
                ("E", "fit", "rejected"),
                ("H", "gz", "loaded"),
                ("I", "fit", "partial"),
                ("K", "gz", "rejected"),
            ),
        },
        table(
            "path kind status is_file",
            ("a.fit", "fit", "loaded", True),
            ("b.fit", "fit", "duplicate", True),
            ("c.fit.gz", "fit", "duplicate", True),
            ("c.fit.gz!c.fit", "fit", "duplicate", False),
            ("d.zip", "zip", "loaded", True),
            ("d.zip!a.fit", "fit", "duplicate", True),
            ("d.zip!h.fit.gz", "gz", "loaded", False),
            ("d.zip!h.fit.gz!h.fit", "fit", "partial", True),
            ("d.zip!k.gz", "gz", "rejected", True),
            ("e.fit", "fit", "rejected", True),
            ("f.fit", "fit", "rejected", True),
        ),
    ),
    Case(
        "night",
        "nights stand as they were written down, oldest first",
        {
            "night_held": table(
                "started_at state find_s n_found",
                ("2026-03-02 03:00+00", "running", 0.5, None),
                ("2026-03-01 03:00+00", "ok", 0.4, 12),
            )
        },
        table("state find_s n_found", ("ok", 0.4, 12), ("running", 0.5, None)),
    ),
    Case(
        "source_file",
        "a file whose recording another holds more fully is a duplicate; a cut-off one partial",
        {
            "placed_content": table(
                "content_id sha256 place status reason",
                (1, "A", "a.fit", "loaded", None),
                (2, "B", "b.fit", "loaded", None),
                (3, "C", "c.fit", "rejected", "no header"),
                (4, "D", "d.fit", "partial", "cut off"),
                (5, "E", "log.csv", "loaded", None),
            ),
            "store.activity": table("content_id activity_id", (1, "r"), (2, "r"), (4, "r")),
            "recording": [{"activity_id": "r", "content_id": 1}],
        },
        table(
            "path status reason activity_id",
            ("a.fit", "loaded", None, "r"),
            ("b.fit", "duplicate", "another file holds the same recording more fully", "r"),
            ("c.fit", "rejected", "no header", None),
            ("d.fit", "partial", "cut off", "r"),
            ("log.csv", "loaded", None, None),
        ),
    ),
    Case(
        "data_issue",
        "files set aside, unknown exercises, computed metrics and audits are all told",
        {
            "set_aside": table(
                "path status reason",
                ("a", "rejected", "no header"),
                ("b", "unsupported", "a course"),
                ("c", "duplicate", "another holds more"),
                athlete_id="me",
            ),
            "export_issue": [{"subject": "list", "what": "2 rows name no file"}],
            "store.problem": [{"content_id": 1, "severity": "warning", "what": "late by an hour"}],
            "placed_content": table(
                "content_id place status", (1, "a.csv", "partial"), athlete_id="me"
            ),
            "metric_data": table(
                "name label", ("cadence_spm", "Cadence"), ("stance_time_ms", "Contact")
            ),
            "gym_set": table(
                "exercise_id exercise_raw session_id",
                (None, "Odd", "s"),
                (None, "Odd", "s"),
                ("lift", "Lift", "s"),
                (None, "Told by the log itself", "l"),
                content_id=1,
            ),
            "store.strength_session": table(
                "session_id origin", ("s", "fit"), ("l", "log"), content_id=1, athlete_id="me"
            ),
            "baseline": table(
                "usable reason",
                (False, "too few runs"),
                (True, ""),
                metric="cadence_spm",
                sensor_epoch="w",
                athlete_id="me",
            ),
            "sensor_metric": table(
                "origin",
                ("computed",),
                ("measured",),
                sensor_epoch="w",
                metric="stance_time_ms",
                athlete_id="me",
            ),
            "audit_result": [{"severity": "warning", "subject": "r", "what": "odd"}],
        },
        table(
            "severity subject athlete_id",
            ("error", "a", "me"),
            ("info", "b", "me"),
            ("warning", "a.csv", "me"),
            ("warning", "Odd", "me"),
            ("info", "w", "me"),
            ("info", "w", "me"),
            ("warning", "r", None),
            ("info", "list", None),
        ),
    ),
    Case(
        "data_issue",
        "an origin that is not known is told once a sensor, with what is missing",
        {
            "metric_data": table(
                "name label",
                ("duty_factor_pct", "Duty factor"),
                ("stance_time_ms", "Contact"),
                ("vertical_oscillation_mm", "Oscillation"),
            ),
            "sensor_metric": table(
                "sensor_epoch metric n_bins origin",
                ("new", "stance_time_ms", 25, "unknown"),
                ("new", "vertical_oscillation_mm", 25, "unknown"),
                ("new", "duty_factor_pct", 25, "unknown"),
                ("old", "vertical_oscillation_mm", 400, "unknown"),
                ("old", "stance_time_ms", 400, "measured"),
                athlete_id="me",
            ),
        },
        table(
            "severity subject what remedy",
            (
                "info",
                "new",
                UNTOLD.format("Contact, Oscillation", "25 of 60 steady two-minute stretches"),
                "More steady runs with this sensor will tell.",
            ),
            (
                "info",
                "old",
                UNTOLD.format("Oscillation", BETWEEN),
                None,
            ),
        ),
    ),
    Case(
        "data_issue",
        "a refusal is told once for all metrics of a sensor, and what is set aside is told once",
        {
            "set_aside": table(
                "path status reason", ("a", "rejected", "no header"), athlete_id="me"
            ),
            "store.problem": [{"content_id": 1, "severity": "warning", "what": "no header"}],
            "placed_content": table("content_id place status", (1, "a", "rejected")),
            "metric_data": table("name label", ("x", "Cadence"), ("y", "Contact")),
            "baseline": table(
                "metric",
                ("y",),
                ("x",),
                usable=False,
                reason="too few runs",
                sensor_epoch="w",
                athlete_id="me",
            ),
        },
        table(
            "subject what",
            ("a", "set aside: no header"),
            ("w", "no values at reference speed for Cadence, Contact: too few runs"),
        ),
    ),
    Case(
        "data_issue",
        "what an audit finds of a run is told by its day and its runner",
        {
            "audit_result": table("severity subject", ("warning", "r"), ("warning", "a table")),
            "run_base": [{"run_id": "r", "athlete_id": "me", "local_date": "2026-03-01"}],
        },
        table("subject athlete_id", ("a table", None), ("run of 2026-03-01, r", "me")),
    ),
    Case(
        "data_issue",
        "a speed that wanders is told once a sensor, one that is sure is not",
        {
            "limits": [{"speed_reliability_min": 0.7}],
            "baseline": table(
                "sensor_epoch metric reliability",
                ("gps", "cadence_spm", 0.5),
                ("gps", "stance_time_ms", 0.6),
                ("pod", "cadence_spm", 0.9),
                usable=True,
                athlete_id="me",
            ),
        },
        table("subject severity", ("gps", "info")),
    ),
    Case(
        "metric",
        "each metric stands with its label and unit",
        {"metric_data": table("name label unit", ("x", "Cadence", "spm"))},
        table("metric label unit", ("x", "Cadence", "spm")),
    ),
    Case(
        "device",
        "devices are those of the recording that stands",
        {
            "store.device": table("content_id serial", (1, "7"), (2, "8"), activity_id="a"),
            "recording": [{"content_id": 1, "activity_id": "a"}],
        },
        table("activity_id serial", ("a", "7")),
    ),
    Case(
        "developer_field",
        "developer fields are those of the recording that stands, used or not",
        {
            "store.developer_field": table(
                "content_id name channel used_as median_value",
                (1, "Ground Time", "stance_time_ms", "fills stance_time_ms", 241.0),
                (1, "Air Power", None, "known", 6.0),
                (2, "Ground Time", None, "unknown field", 1.0),
                activity_id="a",
            ),
            "recording": [{"content_id": 1, "activity_id": "a"}],
        },
        table(
            "name channel used_as median_value",
            ("Ground Time", "stance_time_ms", "fills stance_time_ms", 241.0),
            ("Air Power", None, "known", 6.0),
        ),
    ),
    Case(
        "developer_series",
        "series are those of the recording that stands, values as declared",
        {
            "store.developer_series": table(
                "content_id name elapsed_s value",
                (1, "Air Power", [0.0, 1.0], [3.0, 4.0]),
                (2, "Air Power", [0.0], [9.0]),
                activity_id="a",
            ),
            "recording": [{"content_id": 1, "activity_id": "a"}],
        },
        table("name elapsed_s value", ("Air Power", [0.0, 1.0], [3.0, 4.0])),
    ),
    Case(
        "wellness",
        "of several logs with one entry the last by name stands",
        {
            "store.wellness": table(
                "content_id pain_0_10",
                (1, 2),
                (2, 4),
                athlete_id="me",
                local_date="2026-03-01",
                site="knee",
            ),
            "placed_content": PLACED,
        },
        table("site pain_0_10", ("knee", 4)),
    ),
    Case(
        "wellness",
        "left, right and no side told are three entries of one site",
        {
            "store.wellness": table(
                "content_id side pain_0_10",
                (1, "left", 2),
                (1, "right", 0),
                (1, None, 4),
                (2, None, 5),
                athlete_id="me",
                local_date="2026-03-01",
                site="knee",
            ),
            "placed_content": PLACED,
        },
        table("side pain_0_10", ("left", 2), ("right", 0), (None, 5)),
    ),
    Case(
        "screening",
        "two names of one test are one; a test that nobody knows keeps its name and has no kind",
        {
            "store.screening": table(
                "content_id test test_id unit score",
                (1, "hop", "hop", "cm", 140),
                (2, "Single hop", "hop", "cm", 150),
                (1, "wobble", None, None, 3),
                athlete_id="me",
                local_date="2026-03-01",
                side="left",
            ),
            "placed_content": PLACED,
            "screening_test_data": [{"test_id": "hop", "kind": "strength"}],
        },
        table(
            "test test_id unit kind score",
            ("Single hop", "hop", "cm", "strength", 150),
            ("wobble", None, None, None, 3),
        ),
    ),
    Case(
        "screening_test",
        "a test stands once, with every unit it is told in",
        {
            "screening_test_data": table("test_id name", ("hop", "Hop"), ("plank", "Plank")),
            "screening_unit_data": table(
                "test_id unit", ("hop", "m"), ("hop", "cm"), ("plank", "s")
            ),
        },
        table("test_id name units", ("hop", "Hop", "cm, m"), ("plank", "Plank", "s")),
    ),
    Case(
        "screening_symmetry",
        "both sides of one day in one unit make an index, 100 × smaller ÷ larger",
        {
            "screening": [
                *both("hop", 140, 160, unit="cm"),
                *both("drop", 6, 9, unit="°"),
                *both("rated", 2, 3, unit="points"),
                *both(None, 5, 4, test="wobble"),
                *both("plank", 60, 60, unit="s"),
                *both("none", 0, 0, unit="reps"),
                *both("bend", -2, 4, unit="°"),
                both("alone", 7, 8)[0],
                *[
                    row | {"unit": unit}
                    for row, unit in zip(both("mixed", 7, 8), ("cm", "m"), strict=True)
                ],
            ],
            "screening_test_data": table(
                "test_id name better",
                ("hop", "Hop", "up"),
                ("drop", "Drop", "down"),
                ("rated", "Rated", "up"),
                ("plank", "Plank", "up"),
                ("none", "None", "up"),
                ("bend", "Bend", "up"),
            ),
        },
        table(
            "test test_id left_score right_score limb_symmetry_pct weaker_side",
            ("Hop", "hop", 140, 160, 87.5, "left"),
            ("Drop", "drop", 6, 9, 200 / 3, "right"),
            ("Rated", "rated", 2, 3, None, "left"),
            ("wobble", None, 5, 4, 80, None),
            ("Plank", "plank", 60, 60, 100, None),
            ("None", "none", 0, 0, None, None),
            ("Bend", "bend", -2, 4, None, "left"),
        ),
    ),
    Case(
        "screening",
        "left and right stand apart; of several logs the last by name stands",
        {
            "store.screening": table(
                "content_id side score",
                (1, "left", 2),
                (1, "right", 3),
                (2, "left", 4),
                (3, "left", 9),
                athlete_id="me",
                local_date="2026-03-01",
                test="bridge",
            ),
            "placed_content": PLACED,
        },
        table("side score", ("left", 4), ("right", 3)),
    ),
    Case(
        "athlete",
        "athletes stand as configured",
        {"person": [{"athlete_id": "me", "mass_kg": None, "height_m": 1.7}]},
        table("athlete_id mass_kg height_m", ("me", None, 1.7)),
    ),
    Case(
        "exercise",
        "the catalogue is published with its sources",
        {"exercise_data": [{"exercise_id": "lift", "glute_max": 0.6, "source": "after N"}]},
        table("exercise_id glute_max source", ("lift", 0.6, "after N")),
    ),
    Case(
        "threshold",
        "thresholds are published with their sources",
        {"threshold_data": [{"name": "bin_s", "value": 120, "unit": "s", "source": "house"}]},
        table("name value unit source", ("bin_s", 120, "s", "house")),
    ),
]
