"""Given → expected for recordings, runs, form, noise, weeks and verdicts."""

from __future__ import annotations

from sql_harness import Case, table


def weekly(law, values, noise, expected):
    return Case(
        "form_week",
        law,
        {
            "run_value": table("local_date value value_adj", *values, athlete_id="me",
                               metric="cadence_spm", sensor_epoch="w"),
            "metric_noise": noise,
        },
        table("week_start value value_adj ci_low ci_high n_runs", *expected),
    )  # fmt: skip


ORIGINS = table(
    "sensor_epoch origin",
    ("strap", "measured"),
    ("wrist", "computed"),
    athlete_id="me",
    metric="stance_time_ms",
)

EPOCH_RUNS = [
    # run, epoch, day, device, firmware, source
    ("r1", "e1", 1, "fr965", "12.2", "watch"),
    ("r2", "e1", 2, "fr965", "12.9", "watch"),
    ("r3", "e2", 3, "fr965", "13.0", "watch"),
    ("r4", "e3", 4, "fr965", "13.0", "strap 9"),
    ("r5", "e4", 5, "fr970", "2.1", "watch"),
    ("r6", "e5", 6, "fr970", "3.1", "Stryd app"),
]
EPOCHS = {
    "run_base": [
        {"run_id": run, "athlete_id": "me", "sensor_epoch": epoch, "timeline_id": run,
         "started_at": f"2026-03-0{day} 07:00", "local_date": f"2026-03-0{day}"}
        for run, epoch, day, *_ in EPOCH_RUNS
    ],
    "recording": [
        {"activity_id": run, "manufacturer": "garmin", "device": device, "firmware": firmware,
         "dynamics_source": source}
        for run, _, _, device, firmware, source in EPOCH_RUNS
    ],
}  # fmt: skip

CASES = [
    Case(
        "recording",
        "of several contents of one recording the whole, then the fullest stands",
        {
            "store.activity": table(
                "activity_id content_id n_records",
                ("a", 1, 900),
                ("a", 2, 500),
                ("a", 3, 600),
                ("b", 1, 5),
                ("c", 9, 5),
                manufacturer="garmin",
                device="fr965",
                serial="7",
                dynamics_source="strap 9",
            ),
            "placed_content": table(
                "content_id status sha256",
                (1, "partial", "x"),
                (2, "loaded", "y"),
                (3, "loaded", "z"),
            ),
        },
        table(
            "activity_id content_id sensor_epoch",
            ("a", 3, "garmin fr965 7 + strap 9"),
            ("b", 1, "garmin fr965 7 + strap 9"),
        ),
    ),
    Case(
        "recording",
        "a watch's own file stands before its TCX and its GPX, which carry less, unless it is cut",
        {
            "store.activity": table(
                "activity_id content_id n_records",
                ("a", 1, 900),
                ("a", 2, 901),
                ("a", 3, 902),
                ("b", 1, 900),
                ("b", 4, 850),
                ("c", 2, 900),
                ("c", 5, 100),
                ("d", 3, 900),
                ("d", 6, 900),
            ),
            "placed_content": table(
                "content_id kind status sha256",
                (1, "fit", "loaded", "u"),
                (2, "tcx", "loaded", "v"),
                (3, "gpx", "loaded", "w"),
                (4, "fit", "loaded", "x"),
                (5, "fit", "partial", "y"),
                (6, "strength_csv", "loaded", "a"),
            ),
        },
        table("activity_id content_id", ("a", 1), ("b", 1), ("c", 2), ("d", 3)),
    ),
    Case(
        "recording",
        "a main version of the watch's software is part of the epoch; Wahoo's build number is not",
        {
            "store.activity": table(
                "activity_id content_id manufacturer firmware",
                ("a", 1, "garmin", "20.26"),
                ("b", 1, "coros", "3.0508.0"),
                ("c", 1, "wahoo_fitness", "417.52"),
                dynamics_source="watch",
            ),
            "placed_content": [{"content_id": 1, "status": "loaded"}],
        },
        table(
            "activity_id sensor_epoch",
            ("a", "garmin fw 20 + watch"),
            ("b", "coros fw 3 + watch"),
            ("c", "wahoo_fitness + watch"),
        ),
    ),
    Case(
        "sensor_epoch",
        "an epoch says what opened it: watch, strap or pod, firmware, or several at once",
        EPOCHS,
        table(
            "sensor_epoch n_runs firmware_family opened_by",
            ("e1", 2, "12", "first"),
            ("e2", 1, "13", "firmware"),
            ("e3", 1, "13", "strap or pod"),
            ("e4", 1, "2", "watch and strap or pod"),
            ("e5", 1, "3", "strap or pod and firmware"),
        ),
    ),
    Case(
        "recording",
        "without dynamics the epoch is the watch; nothing known is said so",
        {
            "store.activity": [{"activity_id": "a", "content_id": 1, "dynamics_source": "none"}],
            "placed_content": [{"content_id": 1, "status": "loaded"}],
        },
        table("activity_id sensor_epoch", ("a", "unknown")),
    ),
    Case(
        "activity",
        "every recording of any sport stands, runs with the run they belong to",
        {
            "recording": table("activity_id sport", ("a", "running"), ("b", "cycling")),
            "run_match": [{"activity_id": "a", "run_id": "r"}],
        },
        table("activity_id sport run_id", ("a", "running", "r"), ("b", "cycling", None)),
    ),
    Case(
        "reference_speed",
        "the athlete's median over baseline bins",
        {
            "run_bin": table(
                "speed_mps is_baseline",
                (2.0, True),
                (3.0, True),
                (3.2, True),
                (9.0, False),
                run_id="r",
            ),
            "settled_run": [{"run_id": "r"}],
            "run_recording": [{"run_id": "r", "athlete_id": "me"}],
        },
        table("athlete_id reference_speed_mps", ("me", 3.0)),
    ),
    Case(
        "settled_run",
        "up to twenty runs of a sensor all count, then those of the last step of a twentieth",
        {
            "run_base": [
                {
                    "run_id": f"{sensor}{number:02d}",
                    "athlete_id": "me",
                    "sensor_epoch": sensor,
                    "started_at": f"2026-03-01 {number:02d}:00:00",
                }
                for sensor, n in (("a", 20), ("b", 24))
                for number in range(n)
            ],
        },
        [{"run_id": f"{s}{k:02d}"} for s, n in (("a", 20), ("b", 23)) for k in range(n)],
    ),
    Case(
        "settled_residual",
        "how bins wander is learnt from settled runs",
        {
            "run_residual": table("run_id bin_index residual", ("old", 4, 1.5), ("new", 4, -2.0)),
            "settled_run": [{"run_id": "old"}],
        },
        table("run_id bin_index residual", ("old", 4, 1.5)),
    ),
    Case(
        "settled_pattern",
        "how form usually moves is learnt from settled runs, each of its own sensor",
        {
            "run_pattern": table("run_id tenth change_adj", ("old", 4, 1.5), ("new", 4, -2.0)),
            "settled_run": [{"run_id": "old"}],
            "run_base": table(
                "run_id athlete_id sensor_epoch", ("old", "me", "w"), ("new", "me", "w")
            ),
        },
        table("athlete_id sensor_epoch run_id change_adj", ("me", "w", "old", 1.5)),
    ),
    Case(
        "baseline_bin",
        "baselines are learnt from the bins of settled runs",
        {
            "bin_metric": table(
                "run_id bin_index value",
                ("old", 0, 250.0),
                ("old", 1, None),
                ("new", 0, 260.0),
                metric="stance_time_ms",
            ),
            "settled_run": [{"run_id": "old"}],
        },
        table("run_id bin_index value", ("old", 0, 250.0), ("old", 1, None)),
    ),
    Case(
        "run_metric_adj",
        "what pace and grade add is taken off baseline bins, which are weighed by time",
        {
            "bin_metric": table(
                "bin_index value valid_s is_baseline",
                (5, 250, 60, True),
                (6, 240, 120, True),
                (7, 999, 60, False),
                (8, None, 0, True),
                (9, 700, 60, True),
                metric="stance_time_ms",
                run_id="r",
            ),
            "bin_effect": table(
                "bin_index effect",
                (5, 0.0),
                (6, -10.0),
                (7, 0.0),
                (8, 0.0),
                metric="stance_time_ms",
                run_id="r",
            ),
        },
        table("run_id value_adj valid_s", ("r", 250.0, 180)),
    ),
    Case(
        "form_baseline",
        "a fit stands with the speed that it tells values at and the days of its sensor epoch",
        {
            "baseline": table(
                "metric usable speed_slope reliability knots",
                ("stance_time_ms", True, -28.0, 0.9, [2.5, 3.0]),
                ("cadence_spm", False, None, None, None),
                athlete_id="me",
                sensor_epoch="w",
            ),
            "reference_speed": [{"athlete_id": "me", "reference_speed_mps": 3.0}],
            "sensor_epoch": table(
                "from_date to_date", ("2024-01-01", "2024-03-01"), athlete_id="me", sensor_epoch="w"
            ),
        },
        table(
            "metric usable speed_slope speed_reliability reference_speed_mps to_date",
            ("cadence_spm", False, None, None, 3.0, "2024-03-01"),
            ("stance_time_ms", True, -28.0, 0.9, 3.0, "2024-03-01"),
        ),
    ),
    Case(
        "run_value",
        "plain values stand with their adjusted ones; decoupling is its own; no value, no row",
        {
            "run_metric": table(
                "metric value", ("cadence_spm", 170), ("stance_time_ms", None), run_id="r"
            ),
            "run_metric_adj": [{"run_id": "r", "metric": "cadence_spm", "value_adj": 171}],
            "run_decoupling": [{"run_id": "r", "hr_decoupling_ratio": 1.05}],
            "run_base": [{"run_id": "r"}],
        },
        table(
            "metric value value_adj", ("cadence_spm", 170, 171), ("hr_decoupling_ratio", 1.05, 1.05)
        ),
    ),
    Case(
        "run",
        "load is moving minutes × (speed / reference speed)², minutes alone without a reference",
        {
            "run_base": table(
                "run_id athlete_id moving_s avg_speed_mps",
                ("a", "me", 600, 4.5),
                ("b", "you", 600, 4.5),
            ),
            "reference_speed": [{"athlete_id": "me", "reference_speed_mps": 3.0}],
        },
        table("run_id load", ("a", 22.5), ("b", 10)),
    ),
    Case(
        "run_form",
        "one row a run, each metric in its columns; nothing measured is null",
        {
            "run_base": table("run_id", ("a",), ("b",)),
            "run_metric": table(
                "metric value coverage_pct",
                ("cadence_spm", 170, 90),
                ("metres_per_beat", 1.2, 80),
                run_id="a",
            ),
            "run_metric_adj": [{"run_id": "a", "metric": "cadence_spm", "value_adj": 171}],
            "run_decoupling": [{"run_id": "a", "hr_decoupling_ratio": 1.02}],
        },
        table(
            "run_id cadence_spm cadence_spm_adj cadence_spm_coverage_pct stance_time_ms "
            "hr_decoupling_ratio hr_decoupling_ratio_adj hr_decoupling_ratio_coverage_pct",
            ("a", 170, 171, 90, None, 1.02, 1.02, 80),
            ("b", None, None, None, None, None, None, None),
        ),
    ),
    Case(
        "run_lap",
        "laps are those of the recording that keeps the run's timeline",
        {
            "store.lap": table("content_id lap_index", (1, 0), (1, 1), (2, 0), activity_id="a"),
            "run_recording": [{"run_id": "r", "content_id": 1, "activity_id": "a"}],
        },
        table("run_id lap_index", ("r", 0), ("r", 1)),
    ),
    Case(
        "form_decay",
        "an estimate is told with the run's athlete and date",
        {
            "decay": [{"run_id": "r", "metric": "cadence_spm", "change_adj": -2, "eligible": True}],
            "run_base": [{"run_id": "r", "athlete_id": "me", "local_date": "2026-03-01"}],
        },
        table(
            "run_id athlete_id local_date metric change_adj eligible",
            ("r", "me", "2026-03-01", "cadence_spm", -2, True),
        ),
    ),
    Case(
        "form_pattern",
        "a tenth is told with its ends in per cent, and with the run's athlete and date",
        {
            "run_pattern": table(
                "metric tenth change_adj value",
                ("cadence_spm", 1, None, None),
                ("cadence_spm", 10, -2.0, 168.0),
                run_id="r",
            ),
            "run_base": [{"run_id": "r", "athlete_id": "me", "local_date": "2026-03-01"}],
        },
        table(
            "run_id athlete_id local_date metric tenth from_pct to_pct change_adj value",
            ("r", "me", "2026-03-01", "cadence_spm", 1, 0, 10, None, None),
            ("r", "me", "2026-03-01", "cadence_spm", 10, 90, 100, -2.0, 168.0),
        ),
    ),
    Case(
        "form_pattern_usual",
        "a usual tenth is told with its ends in per cent",
        {
            "usual_pattern": table(
                "athlete_id sensor_epoch metric tenth change_adj n_runs",
                ("me", "pod", "cadence_spm", 4, -1.0, 7),
            )
        },
        table(
            "athlete_id sensor_epoch metric tenth from_pct to_pct change_adj n_runs",
            ("me", "pod", "cadence_spm", 4, 30, 40, -1.0, 7),
        ),
    ),
    Case(
        "form_onset",
        "an onset is told with the run's athlete and date",
        {
            "run_onset": [{"run_id": "r", "metric": "cadence_spm", "pattern": "none seen"}],
            "run_base": [{"run_id": "r", "athlete_id": "me", "local_date": "2026-03-01"}],
        },
        table(
            "run_id athlete_id local_date metric pattern",
            ("r", "me", "2026-03-01", "cadence_spm", "none seen"),
        ),
    ),
    Case(
        "outcome",
        "levels are adjusted values, drifts those of eligible runs, each with its error",
        {
            "run_value": table(
                "run_id metric value value_adj",
                ("a", "cadence_spm", 170, 171),
                ("b", "cadence_spm", 170, None),
            ),
            "form_decay": table(
                "run_id metric change_adj se eligible",
                ("a", "cadence_spm", 2, 0.5, True),
                ("b", "cadence_spm", 9, 0.5, False),
                ("c", "cadence_spm", None, None, True),
            ),
        },
        table("run_id outcome y se", ("a", "level", 171, None), ("a", "decay", 2, 0.5)),
    ),
    weekly(
        "a week is the mean of its runs from Monday to Sunday, with the noise of that many",
        [("2026-03-02", 170, 171), ("2026-03-08", 172, 173), ("2026-03-09", 180, 180)],
        [{"athlete_id": "me", "metric": "cadence_spm", "sensor_epoch": "w", "sem": 1.0}],
        [
            ("2026-03-02", 171, 172, 172 - 1.96 / 2**0.5, 172 + 1.96 / 2**0.5, 2),
            ("2026-03-09", 180, 180, 178.04, 181.96, 1),
        ],
    ),
    weekly(
        "the interval stands around the adjusted mean and rests on adjusted runs alone",
        [("2026-03-02", 100, 171), ("2026-03-03", 100, None)],
        [{"athlete_id": "me", "metric": "cadence_spm", "sensor_epoch": "w", "sem": 1.0}],
        [("2026-03-02", 100, 171, 169.04, 172.96, 2)],
    ),
    weekly(
        "without a noise floor there is no interval",
        [("2026-03-02", 170, None)],
        [],
        [("2026-03-02", 170, None, None, None, 1)],
    ),
    Case(
        "form_week",
        "a week's value says whether it was measured, by its own sensor's origin",
        {
            "run_value": table(
                "sensor_epoch metric",
                ("strap", "stance_time_ms"),
                ("wrist", "stance_time_ms"),
                athlete_id="me",
                local_date="2026-03-02",
                value=250,
            ),
            "origin": ORIGINS,
        },
        table(
            "sensor_epoch metric origin",
            ("strap", "stance_time_ms", "measured"),
            ("wrist", "stance_time_ms", "computed"),
        ),
    ),
    Case(
        "form_decay",
        "a run's drift says whether it was measured, by its own sensor's origin",
        {
            "decay": table("run_id", ("r",), ("s",), metric="stance_time_ms"),
            "run_base": table(
                "run_id sensor_epoch", ("r", "strap"), ("s", "wrist"), athlete_id="me"
            ),
            "origin": ORIGINS,
        },
        table("run_id origin", ("r", "measured"), ("s", "computed")),
    ),
    Case(
        "sensor_metric",
        "an origin is told with the first and last day of its sensor",
        {
            "origin": [
                {
                    "athlete_id": "me",
                    "sensor_epoch": "w",
                    "metric": "stance_time_ms",
                    "origin": "computed",
                }
            ],
            "sensor_epoch": table(
                "from_date to_date", ("2026-01-01", "2026-02-01"), athlete_id="me", sensor_epoch="w"
            ),
        },
        table("origin from_date to_date", ("computed", "2026-01-01", "2026-02-01")),
    ),
    Case(
        "carry_over",
        "a verdict is published as it was reached",
        {
            "carry_over_estimate": [
                {
                    "athlete_id": "me",
                    "metric": "cadence_spm",
                    "effect": 1.5,
                    "verdict": "not enough data",
                    "lead_p": 0.4,
                }
            ]
        },
        table(
            "athlete_id metric effect verdict lead_p p_shift",
            ("me", "cadence_spm", 1.5, "not enough data", 0.4, None),
        ),
    ),
]
