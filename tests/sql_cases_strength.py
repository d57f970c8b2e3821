"""Given → expected for form around strength: what came before a run, blocks, events, contrasts."""

from __future__ import annotations

from sql_harness import Case, table

GYM = table(
    "session_id started_at dose",
    ("a", "2026-03-02 19:00+00", 1.0),
    ("b", "2026-03-04 07:00+00", 0.5),
    ("zero", "2026-03-05 06:00+00", 0.0),
    athlete_id="me", exposure="strength",
)  # fmt: skip
OTHER = table("session_id started_at dose", ("c", "2026-03-04 06:30+00", 9.0), athlete_id="me",
              exposure="activation")  # fmt: skip
HERS = table("session_id started_at dose", ("d", "2026-03-04 06:30+00", 9.0), athlete_id="her",
             exposure="strength")  # fmt: skip
RUNS = table(
    "run_id started_at local_date",
    ("before", "2026-03-01 07:00+00", "2026-03-01"),
    ("edge", "2026-03-04 19:00+00", "2026-03-04"),
    ("past", "2026-03-04 19:00:01+00", "2026-03-04"),
    ("same", "2026-03-04 07:00+00", "2026-03-04"),
    ("late", "2026-03-09 07:00+00", "2026-03-09"),
    athlete_id="me",
)  # fmt: skip
DRILLS = table(
    "session_id local_date kind before_run_id",
    ("x", "2026-03-04", "activation", "same"),
    ("y", "2026-03-05", "activation", None),
    ("z", "2026-03-01", "strength", None),
    athlete_id="me",
)  # fmt: skip

CASES = [
    Case(
        "run_after_strength",
        "48 hours by the clock, its end counted; an empty session is none; null before the first",
        {"session_dose": [*GYM, *OTHER, *HERS], "run": RUNS},
        table(
            "run_id hours_since_strength strength_48h_dose has_activation",
            ("before", None, None, None),
            ("edge", 12, 1.5, None),
            ("past", 12 + 1 / 3600, 0.5, None),
            ("same", 36, 1.0, None),
            ("late", 120, 0, None),
        ),
    ),
    Case(
        "run_after_strength",
        "drills are known from the first day that they were logged; strength is none",
        {"strength_session": DRILLS, "run": RUNS},
        table(
            "run_id has_activation hours_since_strength",
            ("before", None, None),
            ("edge", False, None),
            ("past", False, None),
            ("same", True, None),
            ("late", False, None),
        ),
    ),
    Case(
        "strength_block",
        "a block is published as it was found",
        {"strength_block_estimate": table("block_number is_on n_sessions dose",
                                          (2, True, 9, 8.5), athlete_id="me")},
        table("athlete_id block_number is_on n_sessions dose", ("me", 2, True, 9, 8.5)),
    ),
    Case(
        "block_event",
        "a week knows its block's first day; all blocks together have none",
        {
            "block_event_estimate": table(
                "block_number week_offset value", (2, 0, 0.4), (None, 0, 0.3), (2, 1, None),
                athlete_id="me", metric="cadence_spm", outcome="level",
            ),
            "strength_block": table("athlete_id block_number from_date",
                                    ("me", 2, "2026-03-02"), ("her", 2, "2026-01-02")),
        },
        table(
            "block_number week_offset value from_date",
            (2, 0, 0.4, "2026-03-02"), (None, 0, 0.3, None), (2, 1, None, "2026-03-02"),
        ),
    ),
    Case(
        "acute_effect",
        "a contrast is published as it was found, a missing number with its reason",
        {"acute_effect_estimate": table(
            "contrast effect reason n_matched", ("activation before the run", None, "why", 3),
            ("strength in the 48 hours before", 1.5, None, None), athlete_id="me")},
        table("contrast effect reason n_matched", ("activation before the run", None, "why", 3),
              ("strength in the 48 hours before", 1.5, None, None)),
    ),
    Case(
        "acute_hours",
        "a span is published as it was found",
        {"acute_hours_estimate": table("from_h to_h difference n_runs", (0, 24, -0.5, 12),
                                       (24, 48, None, 0), athlete_id="me")},
        table("from_h to_h difference n_runs", (0, 24, -0.5, 12), (24, 48, None, 0)),
    ),
]  # fmt: skip
