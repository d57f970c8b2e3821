"""Given → expected for what came in, and for tables that are told as they are given."""

from __future__ import annotations

from sql_harness import Case, table

PLACED = table("content_id place sha256", (1, "a.csv", "x"), (2, "b.csv", "y"))
DISK = table("place sha256", ("a.fit", "A"), ("b.fit", "A"), ("z.zip", "Z"), ("y.zip", "Z"))
MEMBERS = table("inner_place sha256 outer_sha256", ("!run.fit", "A", "Z"), ("!odd.fit", "O", "Z"),
                ("!gone.fit", "G", "unmounted"))  # fmt: skip

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
            "strength_set": table(
                "exercise_id exercise_raw",
                (None, "Odd"),
                (None, "Odd"),
                ("lift", "Lift"),
                session_id="s",
            ),
            "strength_session": [{"session_id": "s", "athlete_id": "me"}],
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
