"""Given → expected for exports: what is counted in archives, and what their lists say."""

from __future__ import annotations

from sql_harness import Case, table

ZIP = {"sha256": "Z", "path": "z.zip", "kind": "zip", "status": "loaded"}
FILES = table(
    "sha256 path kind status reason size_bytes",
    ("R", "z.zip!r.fit", "fit", "loaded", None, 9),
    ("M", "z.zip!m.fit", "fit", "unsupported", "a FIT file, but not an activity: goals", 9),
    ("C", "z.zip!c.fit", "fit", "unsupported", "a FIT file, but not an activity: a course", 9),
    ("J", "z.zip!p/J.JSON", "unknown", "unsupported", "no kind", 9),
    ("E", "z.zip!e.fit", "unknown", "unsupported", "the file is empty", 0),
    ("B", "b/b.fit", "fit", "rejected", "no header", 9),
    n_places=1,
    athlete_id="me",
)
PLACES = [
    *table("path sha256", ("z.zip", "Z"), ("zz.zip", "Z"), ("b/b.fit", "B")),
    *table(
        "path sha256",
        *((f["path"], f["sha256"]) for f in FILES if f["sha256"] != "B"),
        outer_sha256="Z",
    ),
    {"path": "zz.zip!r.fit", "sha256": "R", "outer_sha256": "Z"},
]
ASIDE = table(
    "path family kind sort size_bytes",
    ("z.zip!1.fit", "fit", "fit", "goals", 10),
    ("z.zip!2.fit", "fit", "fit", "goals", 10),
    ("z.zip!3.fit", "fit", "fit", "course", 10),
    ("z.zip!4.json", "other", "unknown", ".json", 10),
    ("z.zip!5.fit", "empty", "unknown", None, 0),
    archive="z.zip",
    folder="z.zip",
    status="unsupported",
    is_first=True,
    athlete_id="me",
    n_places=1,
)
LISTED = table(
    "content_id strava_id filename name gear",
    (1, "7", "activities/7.fit.gz", "Long one", "Blue"),
    (1, "8", "activities/8.gpx", "", None),
    (1, "9", None, "Gym", None),
    (2, "7", "activities/7.fit.gz", "Old name", None),
    athlete_id="me",
)
LISTS = table(
    "content_id sha256 place",
    (1, "L", "x/z.zip!activities.csv"),
    (2, "O", "old/activities.csv"),
    (3, "F", "x/z.zip!activities/7.fit.gz!7.fit"),
)

CASES = [
    Case(
        "archive_file",
        "a zip is known by its first place, with all FIT files in it, at any depth",
        {"source_file": [ZIP, *FILES], "source_place": PLACES},
        table("sha256 path n_fit", ("Z", "z.zip", 3)),
    ),
    Case(
        "archive_file",
        "a zip of nothing holds no FIT file",
        {"source_file": [ZIP], "source_place": PLACES[:1]},
        table("path n_fit", ("z.zip", 0)),
    ),
    Case(
        "aside_place",
        "what is set aside is told with its archive or folder, and what sort of file it is",
        {
            "source_file": [ZIP, *FILES],
            "source_place": PLACES,
            "archive_file": [{"sha256": "Z", "path": "z.zip"}],
        },
        table(
            "path archive folder family sort",
            ("z.zip!m.fit", "z.zip", "z.zip", "fit", "goals"),
            ("z.zip!c.fit", "z.zip", "z.zip", "fit", "course"),
            ("z.zip!p/J.JSON", "z.zip", "z.zip", "other", ".json"),
            ("z.zip!e.fit", "z.zip", "z.zip", "empty", None),
            ("b/b.fit", None, "b", "fit", ""),
        ),
    ),
    Case(
        "set_aside",
        "what an archive holds beside activities is one row a sort, with counts",
        {"aside_place": ASIDE, "archive_file": [{"path": "z.zip", "n_fit": 1200}]},
        table(
            "path kind n_files size_bytes reason",
            ("z.zip", "fit", 3, 30, "3 of 1,200 FIT files are no activities: 2 goals, 1 course"),
            ("z.zip", "unknown", 1, 10, "1 file of kinds that are not read: 1 .json"),
            ("z.zip", "unknown", 1, 0, "1 empty file"),
        ),
    ),
    Case(
        "set_aside",
        "twenty broken files of a place are named, more are counted; a copy's place is no file",
        {
            "aside_place": [
                *table(
                    "path",
                    *((f"a/{n:02}.fit",) for n in range(23)),
                    folder="a",
                    status="rejected",
                    reason="no header",
                    is_first=True,
                    n_places=2,
                    size_bytes=5,
                ),
                {"path": "b/00.fit", "folder": "b", "status": "rejected", "is_first": False},
            ]
        },
        [
            *table("path", *((f"a/{n:02}.fit",) for n in range(20)), reason="no header", n_files=2),
            {"reason": "3 more files, for such reasons", "n_files": 3, "path": "a/…"},
        ],
    ),
    Case(
        "set_aside",
        "unsupported files that lie loosely are named; those of the root are told without a folder",
        {
            "aside_place": table(
                "path",
                *((f"{n:02}.fit",) for n in range(21)),
                folder="",
                status="unsupported",
                is_first=True,
                n_places=1,
                size_bytes=1,
            )
        },
        [
            *table("path n_files", *((f"{n:02}.fit", 1) for n in range(20))),
            {"path": "…", "n_files": 1},
        ],
    ),
    Case(
        "export_file",
        "a row's file is found beside its list, also inside its .gz; else it has none",
        {
            "store.strava_activity": LISTED,
            "placed_content": LISTS,
            "source_place": [
                *table(
                    "path sha256",
                    ("x/z.zip!activities.csv", "L"),
                    ("x/z.zip!activities/7.fit.gz", "G"),
                    ("x/z.zip!activities/7.fit.gz!7.fit", "F"),
                    outer_sha256="Z",
                ),
                {"path": "old/activities.csv", "sha256": "O"},
            ],
            "store.activity": [
                {"content_id": 3, "activity_id": "a", "started_at": "2026-03-01 06:00+00"}
            ],
            "run_match": [{"activity_id": "a", "run_id": "r"}],
        },
        table(
            "content_id strava_id n_rows file_path activity_id run_id",
            (1, "7", 3, "x/z.zip!activities/7.fit.gz", "a", "r"),
            (1, "8", 3, None, None, None),
            (1, "9", 3, None, None, None),
            (2, "7", 1, None, None, None),
        ),
    ),
    Case(
        "export_entry",
        "an activity in several lists stands once: from the list whose file is there",
        {
            "export_file": [
                {**LISTED[0], "file_path": "z/7", "activity_id": "a", "n_rows": 3},
                {**LISTED[1], "n_rows": 3},
                {**LISTED[2], "n_rows": 3},
                {**LISTED[3], "n_rows": 900},
            ]
        },
        table(
            "strava_id name is_found activity_id",
            ("7", "Long one", True, "a"),
            ("8", "", False, None),
            ("9", "Gym", None, None),
        ),
    ),
    Case(
        "export_word",
        "a name and shoes hold for all recordings of the run, the own row's first",
        {
            "recording": table("activity_id", ("a",), ("b",), ("c",), ("d",), athlete_id="me"),
            "run_match": table("activity_id run_id", ("a", "r"), ("b", "r")),
            "export_entry": table(
                "strava_id activity_id run_id name gear",
                ("1", "a", "r", "Long one", "Blue"),
                ("2", "b", "r", "Copy", ""),
                ("3", "c", None, "Ride", "Bike"),
                ("4", None, None, "Gym", None),
                athlete_id="me",
            ),
        },
        table(
            "activity_id name gear",
            ("a", "Long one", "Blue"),
            ("b", "Copy", "Blue"),
            ("c", "Ride", "Bike"),
        ),
    ),
    Case(
        "data_issue",
        "what is odd in more files than fit on a screen is told once, with their number",
        {
            "store.problem": [
                *table("content_id", *((n,) for n in range(21)), severity="info", what="no sport"),
                {"content_id": 3, "severity": "info", "what": "late"},
            ],
            "placed_content": table(
                "content_id place",
                *((n, f"{n:02}.gpx") for n in range(21)),
                status="loaded",
                athlete_id="me",
            ),
        },
        table("subject what", ("00.gpx", "21 files like this one: no sport"), ("03.gpx", "late")),
    ),
    Case(
        "activity",
        "Strava's name stands before that of a watch's profile, not before one given in a file",
        {
            "recording": table(
                "activity_id content_id name",
                ("a", 1, "Run"),
                ("b", 2, "My run"),
                ("c", 2, None),
                ("d", 1, "Trail"),
            ),
            "placed_content": table("content_id kind", (1, "fit"), (2, "gpx")),
            "export_word": table(
                "activity_id name gear",
                ("a", "Long one", "Blue"),
                ("b", "Morning Run", None),
                ("c", "Lunch Run", None),
            ),
        },
        table(
            "activity_id name recorded_name gear",
            ("a", "Long one", "Run", "Blue"),
            ("b", "My run", "My run", None),
            ("c", "Lunch Run", None, None),
            ("d", "Trail", "Trail", None),
        ),
    ),
    Case(
        "run_base",
        "a run is named and shod by Strava's list",
        {
            "run_recording": table("run_id activity_id", ("r", "a"), ("s", "b")),
            "run_match": table("activity_id keeper_id", ("a", "a"), ("b", "b")),
            "run_member": table(
                "run_id activity_id name",
                ("r", "a", "Run"),
                ("s", "b", None),
                sub_sport="generic",
                source_kind="watch",
                clock_rank=1,
            ),
            "recording": table("activity_id", ("a",), ("b",)),
            "export_word": [{"activity_id": "a", "name": "Long one", "gear": "Blue"}],
        },
        table(
            "run_id name recorded_name gear",
            ("r", "Long one", "Run", "Blue"),
            ("s", "Run", None, None),
        ),
    ),
    Case(
        "export_issue",
        "rows without their file and files without a row are counted, one line each a list",
        {
            "export_file": table(
                "strava_id filename file_path",
                ("7", "activities/7.fit.gz", "z.zip!activities/7.fit.gz"),
                ("8", "activities/8.gpx", None),
                ("9", None, None),
                list_path="z.zip!activities.csv",
                athlete_id="me",
                n_rows=3,
            ),
            "source_place": table(
                "path sha256",
                ("z.zip!activities/7.fit.gz!7.fit", "F"),
                ("z.zip!activities/6.fit.gz!6.fit", "X"),
                ("z.zip!activities/5.fit", "Y"),
                ("z.zip!activities/photo.jpg", "J"),
                ("z.zip!elsewhere/4.fit", "X"),
            ),
            "source_file": table(
                "sha256 kind", ("F", "fit"), ("X", "fit"), ("Y", "fit"), ("J", "unknown")
            ),
        },
        table(
            "subject what",
            ("z.zip!activities.csv", "1 of 3 rows name a file that is not there"),
            ("z.zip!activities.csv", "2 files beside it, named in no row"),
        ),
    ),
]
