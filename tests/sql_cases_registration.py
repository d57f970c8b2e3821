"""Given → expected for the questions of athletes: their versions, and what to know about them."""

from __future__ import annotations

from sql_harness import Case, table

FIRST = "2026-05-03 23:30:00+00"
LATER = "2026-06-01 03:00:00+00"


def state(*rows, **constant):
    return table(
        "athlete_id version frozen_at is_current saw_answer earlier_metric earlier_outcome",
        *rows, **({"metric": "cadence_spm", "outcome": "level"} | constant),
    )  # fmt: skip


CASES = [
    Case(
        "registration",
        "each version has the date of its night at the athlete's home; what is not fixed has none",
        {
            "registration_state": state(
                ("anna", 1, FIRST, False, False, None, None),
                ("anna", 2, LATER, True, True, None, None),
                ("bo", None, None, None, None, None, None),
                ("gone", 1, FIRST, True, False, None, None),
            ),
            "person": table("athlete_id home_timezone", ("anna", "Asia/Tokyo"), ("bo", "UTC")),
        },
        table(
            "athlete_id version registered_on is_current saw_answer",
            ("anna", 1, "2026-05-04", False, False), ("anna", 2, "2026-06-01", True, True),
            ("gone", 1, "2026-05-03", True, False),
        ),
    ),
    Case(
        "carry_over",
        "the primary bears the version and the date of its question, others bear none",
        {
            "carry_over_estimate": table(
                "athlete_id metric role registered_version",
                ("anna", "cadence_spm", "primary", 2),
                ("anna", "stance_time_ms", "exploratory", None),
                ("bo", "cadence_spm", "primary", None),
            ),
            "registration": table(
                "athlete_id version registered_on",
                ("anna", 1, "2026-05-04"), ("anna", 2, "2026-06-01"), ("bo", 1, "2026-05-04"),
            ),
        },
        table(
            "athlete_id metric registered_version registered_on",
            ("anna", "cadence_spm", 2, "2026-06-01"), ("anna", "stance_time_ms", None, None),
            ("bo", "cadence_spm", None, None),
        ),
    ),
    Case(
        "registration_issue",
        "an earlier outcome that is delivered by now is told with how to ask it",
        {
            "metric_data": table(
                "name label", ("cadence_spm", "Cadence"), ("stance_time_ms", "Ground contact time")
            ),
            "registration_state": state(
                ("anna", 1, FIRST, True, False, "stance_time_ms", "decay"),
                ("bo", 1, FIRST, False, False, "stance_time_ms", "decay"),
                ("cy", 1, FIRST, True, False, None, None),
            ),
        },
        table(
            "severity athlete_id what remedy",
            ("info", "anna",
             ("late-run drift of ground contact time is delivered by now, which stands before "
              "cadence in the declared order; the question stays as it was fixed"),
             ('To ask it: primary_metric = "stance_time_ms" and primary_outcome = "decay" under '
              "[analysis] in carryover.toml; the change is told with its date.")),
        ),
    ),
    Case(
        "registration_issue",
        "a first question that came after an answer is told; a later version tells it by itself",
        {
            "metric_data": table("name label", ("cadence_spm", "Cadence")),
            "registration_state": state(
                ("anna", 1, FIRST, True, True, None, None),
                ("bo", 1, FIRST, False, True, None, None), ("bo", 2, LATER, True, True, None, None),
                ("cy", 1, FIRST, True, False, None, None),
            ),
        },
        table(
            "severity athlete_id what",
            ("info", "anna",
             "the question (cadence) was fixed on 2026-05-03, after an answer had been shown"),
        ),
    ),
    Case(
        "registration_issue",
        "a row of the file that is not believed is told as it is",
        {
            "registration_fault": table(
                "athlete_id version what remedy", (None, None, "line 2 is odd", "Put it back.")
            )
        },
        table(
            "severity athlete_id what remedy", ("warning", None, "line 2 is odd", "Put it back.")
        ),
    ),
    Case(
        "data_issue",
        "a store that was set aside is told, with its day, and belongs to nobody",
        {
            "aside_held": table(
                "path set_aside_at",
                ("data/warehouse/aside/store-x.duckdb", "2026-03-01 02:05:00+00"),
            )
        },
        table(
            "severity subject what athlete_id",
            (
                "warning",
                "data/warehouse/aside/store-x.duckdb",
                (
                    "what had been read could not be read any more on 2026-03-01 02:05 UTC and was "
                    "set aside; every file was read anew, nothing is lost"
                ),
                None,
            ),
        ),
    ),
    Case(
        "data_issue",
        "what there is to know about a question reaches the person",
        {
            "registration_issue": table(
                "severity subject what remedy athlete_id",
                ("warning", "registrations.csv", "line 2 is odd", "Put it back.", "anna"),
            )
        },
        table("severity subject athlete_id", ("warning", "registrations.csv", "anna")),
    ),
]  # fmt: skip
