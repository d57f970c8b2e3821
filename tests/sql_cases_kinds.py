"""Given → expected for kinds of runs."""

from __future__ import annotations

from sql_harness import Case, table

DISTANCES = table("name distance_m", ("5 km", 5000), ("10 km", 10000), ("marathon", 42195))
WORDS = table(
    "word meaning language",
    ("race", "race", "en"),
    ("marathon", "race", "en"),
    ("比赛", "race", "zh"),
    ("before", "plan", "en"),
    ("indoor track", "indoor track", "en"),
)
FIRST = {
    "athlete_id": "me", "distance_m": 8000, "moving_s": 2600, "elapsed_s": 2600,
    "has_position": True, "avg_speed_mps": 3.0, "sub_sport": "generic", "name": "Run",
}  # fmt: skip
PACE = {"mean_effort_mps": 3.0, "unevenness": 0.05, "climb_mpkm": 4, "slope_share": 0.1,
        "has_altitude": True, "has_steps": True}  # fmt: skip
USUAL = {"usual_mps": 3.0, "equal_mps": 3.0, "best_mps": 4.0}
HEART = {"heart_rank": 0.95, "n_hearts": 30}
FAST = {"mean_effort_mps": 3.7}
BEST = {"equal_mps": 3.9}


def kind(law, expected, base=None, pace=None, usual=None, heart=None, **tables):
    """Return a case of one run's kind: what differs from a plain easy run of 8 km."""
    given = {
        "run_base": [{"run_id": "r"} | FIRST | (base or {})],
        "run_pace": [{"run_id": "r"} | PACE | (pace or {})],
        "usual_effort": [{"run_id": "r"} | USUAL | (usual or {})],
        "heart_rank": [{"run_id": "r"} | HEART | (heart or {})],
        "race_distance": DISTANCES,
        "kind_word": WORDS,
    }
    given |= {name: [{"run_id": "r"} | row] for name, row in tables.items()}
    return Case("run_kind", law, given, [expected])


RACE_5K = {"distance_m": 5060, "avg_speed_mps": 3.7, "moving_s": 1365, "elapsed_s": 1370}
SAID = {"entry": 0, "run": "2026-04-12", "kind": "long", "n_meant": 1, "nth_of_run": 1}
INTERVALS = {"structure": "intervals", "n_efforts": 8, "shortest_s": 120, "longest_s": 240,
             "effort_speed_mps": 4.0}  # fmt: skip


NEAREST = (
    "Write its date, its date and time, or its run_id; the nearest run began at 2026-04-13 07:00."
)
TWO = table(
    "run_id local_date local_start",
    ("r1", "2026-04-12", "2026-04-12 07:30:20"),
    ("r2", "2026-04-12", "2026-04-12 18:00:05"),
    ("r3", "2026-04-13", "2026-04-13 07:00:00"),
    athlete_id="me",
)

CASES = [
    Case(
        "pace_part",
        "a part is five seconds of the clock, weighed by time; pauses have none",
        {
            "sample_gait": table(
                "elapsed_s dt_s is_running speed_mps grade_pct latitude_deg",
                (0, 1, True, 4.0, None, 47.0),
                (1, 3, True, 2.0, None, 47.2),
                (5, 1, False, 0.5, None, 47.4),
                (10, 0, True, 3.0, None, 47.0),
                run_id="r",
            )
        },
        table(
            "part dt_s running_s speed_mps effort_mps latitude_deg",
            (0, 4, 4, 2.5, 2.5, 47.15),
            (1, 1, 0, 0.5, 0.5, 47.4),
        ),
    ),
    Case(
        "run_pace",
        "a walk up a slope counts as climb; standing does not",
        {
            "sample_gait": table(
                "speed_mps grade_pct altitude_m cadence_spm",
                (3.0, 12.5, 400, 170),
                (1.0, 12.5, 400, 110),
                (4.0, 0, 400, 170),
                (0.0, 12.5, 400, 0),
                run_id="r",
                dt_s=1,
            ),
            "pace_part": table(
                "part effort_mps", (0, 3.0), (1, 3.0), (2, 5.0), run_id="r", dt_s=5, running_s=5
            ),
        },
        table(
            "run_id middle_mps mean_effort_mps climb_mpkm slope_share has_altitude has_steps",
            ("r", 3.0, 11 / 3, 62.5, 2 / 3, True, True),
        ),
    ),
    Case(
        "run_pace",
        "the first minute and the last do not count for evenness",
        {
            "pace_part": table(
                "part effort_mps",
                *((part, (1.0, 3.0, 4.0, 9.0)[part // 12]) for part in range(48)),
                run_id="r",
                dt_s=5,
                running_s=5,
            ),
        },
        table("run_id unevenness", ("r", 0.5**0.5 / 3.5)),
    ),
    Case(
        "usual_effort",
        "usual is the median about the day; a best is no ride, and none is short",
        {
            "run_base": table(
                "run_id distance_m",
                ("a", 5000),
                ("b", 5000),
                ("c", 5000),
                ("d", 5000),
                ("e", 1000),
                ("ride", 5000),
                athlete_id="me",
                local_date="2026-03-01",
                has_position=True,
            ),
            "run_pace": table(
                "run_id middle_mps mean_effort_mps",
                ("a", 2.9, 2.9),
                ("b", 3.0, 3.0),
                ("c", 3.0, 3.0),
                ("d", 3.9, 3.9),
                ("e", 3.0, 4.5),
                ("ride", 7.0, 7.0),
            ),
        },
        table(
            "run_id usual_mps equal_mps best_mps",
            ("a", 3.0, 2.9, 3.9),
            ("b", 3.0, 3.0, 3.9),
            ("c", 3.0, 3.0, 3.9),
            ("d", 3.0, 3.9, 3.9),
            ("e", 3.0, None, 3.9),
            ("ride", 3.0, 7.0, 3.9),
        ),
    ),
    Case(
        "heart_rank",
        "hearts are ranked among the athlete's own; a run without one has no rank",
        {
            "run_base": table(
                "run_id athlete_id avg_heart_rate_bpm",
                ("a", "me", 120),
                ("b", "me", 150),
                ("c", "me", 180),
                ("none", "me", None),
                ("other", "you", 190),
            ),
        },
        table(
            "run_id heart_rank n_hearts",
            ("a", 0.0, 3),
            ("b", 0.5, 3),
            ("c", 1.0, 3),
            ("other", 0.0, 1),
        ),
    ),
    Case(
        "told_kind",
        "Strava's mark makes a race; easy laps between hard ones make a workout, others do not",
        {
            "run_recording": table(
                "run_id activity_id content_id", ("w", "w", 1), ("x", "x", 1), ("s", "s", 1)
            ),
            "store.lap": [
                {"activity_id": run, "content_id": 1, "lap_index": index, "intensity": word}
                for run, words in {
                    "w": "warmup active recovery active recovery active cooldown",
                    "x": "rest active rest",
                    "s": "active active",
                }.items()
                for index, word in enumerate(words.split())
            ],
            "export_entry": [{"run_id": "s", "is_race": True, "is_long": False}],
        },
        table(
            "run_id kind reason",
            ("w", "workout", "a workout on the watch, with 2 easy laps"),
            ("s", "race", "Strava's list calls it a race"),
        ),
    ),
    Case(
        "declared_run",
        "a date, a date and time or a key names a run; the nearest start counts",
        {
            "run_base": TWO,
            "declared_kind": table(
                "entry run kind",
                (0, "2026-04-13", "race"),
                (1, "2026-04-12 18:02", "workout"),
                (2, "r1", "long"),
                (3, "2026-04-12", "easy"),
                (4, "2026-04-20", "easy"),
            ),
        },
        table(
            "entry run_id n_meant nth_of_run",
            (0, "r3", 1, 1),
            (1, "r2", 1, 2),
            (2, "r1", 1, 2),
            (3, "r1", 2, 1),
            (3, "r2", 2, 1),
            (4, None, 0, 1),
        ),
    ),
    Case(
        "kind_issue",
        "an entry that means no run or several is told with the nearest right words",
        {
            "run_base": TWO,
            "declared_run": table(
                "entry run local_date run_id local_start n_meant nth_of_run",
                (0, "2026-04-20", "2026-04-20", None, None, 0, 1),
                (1, "2026-04-12", "2026-04-12", "r1", "2026-04-12 07:30:20", 2, 1),
                (1, "2026-04-12", "2026-04-12", "r2", "2026-04-12 18:00:05", 2, 1),
            ),
        },
        table(
            "what remedy",
            (
                "[[kind]] names the run 2026-04-20, but none began then",
                NEAREST,
            ),
            (
                "[[kind]] names the run 2026-04-12, but 2 runs began then; it is not followed",
                'Add the time ("2026-04-12 07:30" or "2026-04-12 18:00") or the athlete.',
            ),
        ),
    ),
    kind(
        "a run that nothing marks is easy",
        {"kind": "easy", "kind_by": "data", "kind_reason": "no efforts, not long, not hilly",
         "is_hilly": False, "is_track": False, "track_direction": None},
    ),
    kind(
        "fast and even over a race's distance, near the season's best, is a race",
        {"kind": "race", "kind_by": "data",
         "kind_reason": "5 km at an even 4:30 /km, 23 % faster than usual"},
        RACE_5K, FAST, BEST,
    ),
    kind("a quiet heart is no race", {"kind": "easy"}, RACE_5K, FAST, BEST, {"heart_rank": 0.3}),
    kind("an uneven run is no race", {"kind": "easy"}, RACE_5K, FAST | {"unevenness": 0.2}, BEST),
    kind("a stop of two minutes is no race", {"kind": "easy"},
         RACE_5K | {"elapsed_s": 1485}, FAST, BEST),
    kind("of the season's best too far off is no race", {"kind": "easy"}, RACE_5K, FAST,
         BEST | {"equal_mps": 3.5}),
    kind("a name helps a run that is nearly a race", {"kind": "race"},
         RACE_5K | {"name": "Stadtmarathon Staffel"}, {"mean_effort_mps": 3.4},
         BEST | {"equal_mps": 3.5}),
    kind("a word of a language without spaces counts inside a name", {"kind": "race"},
         RACE_5K | {"name": "春季比赛5公里"}, {"mean_effort_mps": 3.4}, BEST | {"equal_mps": 3.5}),
    kind("a name that speaks of a race to come does not help", {"kind": "easy"},
         RACE_5K | {"name": "Easy before the marathon"}, {"mean_effort_mps": 3.4},
         BEST | {"equal_mps": 3.5}),
    kind("a name alone is no race", {"kind": "easy"}, {"name": "Race"}),
    kind("as hard as anything this season is a race of any length",
         {"kind": "race", "kind_reason": "8.0 km at an even 5:33 /km, 23 % faster than usual"},
         None, FAST, BEST),
    kind("nobody trains over a marathon's exact length", {"kind": "race"},
         {"distance_m": 42600, "moving_s": 15000, "elapsed_s": 15100}, {"mean_effort_mps": 2.8}),
    kind("efforts make a workout, told in numbers",
         {"kind": "workout", "kind_reason": "8 efforts of 2 to 4 min at 4:10 /km"},
         run_effort=INTERVALS),
    kind("indoors by the file's word", {"kind": "treadmill", "kind_by": "file",
         "kind_reason": "the file says indoor running", "is_track": False},
         {"sub_sport": "indoor_running", "has_position": False}, run_indoors={}),
    kind("a game's hills are no hills that anybody ran", {"kind": "treadmill", "kind_by": "file",
         "kind_reason": "the file says virtual activity", "is_hilly": None},
         {"sub_sport": "virtual_activity"}, {"climb_mpkm": 0, "slope_share": 0}, run_indoors={}),
    kind("indoors without a word: no places, no climb, but steps",
         {"kind": "treadmill", "kind_by": "data"},
         {"has_position": False}, {"has_altitude": False, "climb_mpkm": None, "slope_share": None}),
    kind("a street is no treadmill, even without places", {"kind": "easy"},
         {"has_position": False, "sub_sport": "street"},
         {"has_altitude": False, "climb_mpkm": None, "slope_share": None}),
    kind("without places but over hills is outdoors", {"kind": "easy"}, {"has_position": False},
         {"climb_mpkm": 8}),
    kind("an indoor track by the profile's name only",
         {"kind": "track", "kind_by": "file", "is_track": True, "track_direction": None},
         {"sub_sport": "indoor_running", "has_position": False, "recorded_name": "Indoor Track"},
         run_indoors={}),
    kind("hills are what is left", {"kind": "hilly", "kind_reason": "25 m climbed a km",
         "is_hilly": True}, None, {"climb_mpkm": 25, "slope_share": 0.7}),
    kind("a hilly workout is a workout that is hilly", {"kind": "workout", "is_hilly": True}, None,
         {"climb_mpkm": 25, "slope_share": 0.7}, run_effort=INTERVALS),
    kind("without altitude nobody knows of hills", {"kind": "easy", "is_hilly": None}, None,
         {"has_altitude": False, "climb_mpkm": None, "slope_share": None}),
    kind("laps of a track, and the way round",
         {"kind": "track", "is_track": True, "track_direction": "anticlockwise",
          "kind_reason": "20 laps of a 400 m track"},
         run_track={"anticlockwise_laps": 19.6, "clockwise_laps": 0.4}),
    kind("a fifth of the laps the other way is both ways",
         {"kind": "track", "track_direction": "both"},
         run_track={"anticlockwise_laps": 8, "clockwise_laps": 2}),
    kind("a long run on a track is long, and tells its way",
         {"kind": "long", "is_track": True, "track_direction": "clockwise",
          "kind_reason": "100 min"},
         {"moving_s": 6000, "elapsed_s": 6000},
         run_track={"anticlockwise_laps": 0, "clockwise_laps": 40}),
    kind("the file's word for a track needs no places", {"kind": "track", "track_direction": None,
         "kind_reason": "the file says track"}, {"sub_sport": "track"}),
    kind("a list's word for a race goes before the data", {"kind": "race", "kind_by": "file",
         "kind_reason": "Strava's list calls it a race"}, run_effort=INTERVALS,
         told_kind={"kind": "race", "reason": "Strava's list calls it a race"}),
    kind("a list's long run with efforts is a workout", {"kind": "workout", "kind_by": "data"},
         run_effort=INTERVALS,
         told_kind={"kind": "long", "reason": "Strava's list calls it a long run"}),
    kind("a person's word goes before all", {"kind": "long", "kind_by": "person",
         "kind_reason": "as you say in carryover.toml"}, {"sub_sport": "treadmill"},
         declared_run=SAID),
    kind("a person's word that may mean two runs is not followed", {"kind": "easy"},
         declared_run=SAID | {"n_meant": 2}),
]  # fmt: skip
