"""Given → expected for runs of several recordings: who is one run, and who gives which channel."""

from __future__ import annotations

import datetime as dt
import hashlib

from sql_harness import Case, table

DAY = "2026-03-01"


def clock(minute):
    """Return an instant so many minutes after 8:00 UTC."""
    second = round(minute * 60)
    hour, rest = divmod(second, 3600)
    return f"{DAY} {8 + hour:02d}:{rest // 60:02d}:{rest % 60:02d}+00"


def running(*rows, **constant):
    """Return running recordings of one athlete: key, first and last minute after 8:00."""
    return [
        {"activity_id": key, "content_id": number, "athlete_id": "me", "clock_rank": number,
         "started_at": clock(start), "ended_at": clock(end), "utc_offset_s": 7200.0,
         "dynamics_source": "none", "source_kind": "watch"} | constant
        for number, (key, start, end) in enumerate(rows, start=1)
    ]  # fmt: skip


def pairs(law, rows, *expected, places=()):
    given = {"running": running(*rows), "recording_place": list(places)}
    return Case("recording_pair", law, given,
                table("one other shift_s overlap_share", *expected))  # fmt: skip


def compared(**changes):
    """Return a pair of recordings and how they agree; a change is of either."""
    pair = {"one": "a", "other": "b", "shift_s": 0.0, "overlap_share": 1.0}
    agreed = {"agreement": None, "lag_s": 0.0, "one_m": 10_000.0, "other_m": 10_000.0,
              "apart_m": None, "heart_agreement": None}  # fmt: skip
    pair |= {k: v for k, v in changes.items() if k in pair}
    agreed |= {k: v for k, v in changes.items() if k in agreed}
    keys = {k: pair[k] for k in ("one", "other", "shift_s")}
    return {"recording_pair": [pair], "pair_agreement": [keys | agreed]}


def link(law, given, *expected):
    return Case("run_link", law, given, table("one other clock_shift_s matched_by", *expected))


TIMED = "time and distance"
WHOLE = "a clock off by whole hours"
HAND = "configuration"
BEGAN = int(dt.datetime(2026, 3, 1, 8, tzinfo=dt.UTC).timestamp())


def digest(text):
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


RUN_A = digest(f"me|run|{BEGAN}")[:16]
RUN_C = digest(digest(f"me|run|{BEGAN}") + "c")[:16]
PLACES = {
    "store.content": table("content_id sha256", (1, "x"), (2, "y"), (3, "z")),
    "store.activity": table("content_id activity_id", (1, "a"), (2, "b"), (3, "ride")),
    "store.disk": table("place sha256", ("watch/a.fit", "x"), ("strava.zip", "s")),
    "store.member": [
        {"inner_place": "!activities/7.fit.gz!7.fit", "sha256": "y", "outer_sha256": "s"}
    ],
    "running": running(("a", 0, 60), ("b", 0, 60)),
}


def named(law, name, *expected):
    """Return a case of a name in [[same]] and the recordings that it means."""
    return Case(
        "declared_recording",
        law,
        PLACES | {"declared": [{"rule": "same", "entry": 0, "name": name}]},
        table("name activity_id", *((name, key) for key in expected)),
    )


def member(key, **changes):
    usual = {
        "run_id": "r", "activity_id": key, "content_id": ord(key), "athlete_id": "me",
        "n_sources": 2, "clock_shift_s": 0.0, "dynamics_source": "none", "dynamics_kind": None,
        "source_kind": "watch", "has_strap": False, "named": "", "clock_rank": ord(key),
        "started_at": clock(0), "ended_at": clock(60), "n_records": 3600, "serial": key,
    }  # fmt: skip
    return usual | changes


def instant(key, second, **channels):
    return {"content_id": ord(key), "activity_id": key, "dt_s": 1.0, "elapsed_s": float(second),
            "recorded_at": clock(second / 60)} | channels  # fmt: skip


def known(key, seconds, **channels):
    return [instant(key, second, **channels) for second in range(seconds)]


SOURCES = table(
    "channel_group word place reason",
    ("heart_rate", "strap", 1, "hears"),
    ("heart_rate", "watch", 2, "sees"),
    ("dynamics", "pod", 1, "measures"),
    ("dynamics", "watch", 2, "computes"),
    ("position", "watch", 1, "antenna"),
    ("position", "track", 3, "pocket"),
)


def choice(law, members, samples, *expected, sources=SOURCES):
    return Case(
        "channel_choice",
        law,
        {"run_member": members, "store.sample": samples, "channel_source": sources},
        table("channel_group activity_id reason", *expected),
    )


def borrowing(law, given, *expected):
    """Return a case of a run whose heart rate and dynamics come from recording b."""
    base = {"run_id": "r", "activity_id": "a", "content_id": ord("a"), "clock_shift_s": 0.0,
            "borrowed": ["dynamics", "heart_rate"]}  # fmt: skip
    lent = [
        {"run_id": "r", "channel_group": group, "activity_id": "b", "content_id": ord("b"),
         "clock_shift_s": 3600.0}
        for group in base["borrowed"]
    ]  # fmt: skip
    return Case(
        "run_borrowed",
        law,
        {"run_recording": [base], "channel_choice": lent, "store.sample": given},
        table("elapsed_s speed_mps heart_rate_bpm stance_time_ms", *expected),
    )


CASES = [
    Case(
        "running",
        "a watch's file, an app's copy, a pod's and a track are told apart; a watch keeps time",
        {
            "recording": table(
                "activity_id content_id serial manufacturer dynamics_source",
                ("watch", 1, "3912", "garmin", "watch"),
                ("copy", 2, None, "strava", "none"),
                ("pod", 3, "77", "stryd", "Stryd app"),
                ("track", 4, None, "GPX", "none"),
                sport="running",
                athlete_id="me",
                started_at=clock(0),
                has_position=True,
            ),
            "placed_content": table(
                "content_id kind", (1, "fit"), (2, "fit"), (3, "fit"), (4, "gpx")
            ),
        },
        table(
            "activity_id source_kind dynamics_kind clock_rank",
            ("watch", "watch", "watch", 1),
            ("copy", "copy", None, 2),
            ("pod", "pod", "pod", 3),
            ("track", "track", None, 4),
        ),
    ),
    Case(
        "running",
        "other sports are no runs",
        {
            "recording": [{"activity_id": "a", "content_id": 1, "sport": "cycling"}],
            "placed_content": [{"content_id": 1, "kind": "fit"}],
        },
    ),
    pairs(
        "two that cover the same time may be one, whichever is longer",
        [("a", 0, 60), ("b", 1, 50)],
        ("a", "b", 0, 1.0),
    ),
    pairs("a short overlap is no pair", [("a", 0, 60), ("b", 30, 90)]),
    pairs("two runs of a day are no pair", [("a", 0, 60), ("b", 300, 360)]),
    pairs(
        "an hour apart to the second may be one by a clock that is off",
        [("a", 0, 40), ("b", 60, 100)],
        ("a", "b", -3600, 1.0),
    ),
    pairs(
        "so may a time that was told as the zone's own, in either direction",
        [("a", 0, 40), ("b", 120, 160)],
        ("a", "b", -7200, 1.0),
    ),
    pairs("three hours are neither an hour nor the zone's", [("a", 0, 40), ("b", 180, 220)]),
    pairs("an hour and two minutes is later work", [("a", 0, 40), ("b", 62, 102)]),
    pairs("an hour later and longer is another run", [("a", 0, 40), ("b", 60, 110)]),
    Case(
        "recording_pair",
        "two athletes are never one run",
        {
            "running": running(("a", 0, 60))
            + running(("b", 0, 60), athlete_id="you", clock_rank=2),
            "recording_place": [],
        },
    ),
    Case(
        "recording_pair",
        "what begins and ends together and is as far is a plain copy; else it is looked at",
        {
            "running": [
                row | {"distance_m": metres}
                for row, metres in zip(
                    running(("a", 0, 60), ("b", 0.05, 60), ("c", 0, 60), ("d", 1, 60)),
                    (10_000.0, 10_200.0, 12_000.0, 10_000.0),
                    strict=True,
                )
            ],
            "recording_place": [],
        },
        table(
            "one other is_plain",
            ("a", "b", True),
            ("a", "c", False),
            ("a", "d", False),
            ("b", "c", False),
            ("b", "d", False),
            ("c", "d", False),
        ),
    ),
    Case(
        "recording_pair",
        "what begins and ends together and is as far, but elsewhere, is no plain copy",
        {
            "running": [
                row | {"distance_m": 10_000.0}
                for row in running(("a", 0, 60), ("b", 0, 60), ("c", 0, 60))
            ],
            "recording_place": table(
                "activity_id latitude_deg longitude_deg",
                ("a", 60.0, 8.0),
                ("b", 60.0, 8.008),
                ("c", 60.0, 8.01),
            ),
        },
        table("one other is_plain", ("a", "b", True), ("a", "c", False), ("b", "c", True)),
    ),
    Case(
        "recording_place",
        "a recording is in the middle of its places; one without any is not there",
        {
            "recording": [
                {"activity_id": key, "content_id": number, "sport": sport}
                for key, number, sport in (("a", 1, "running"), ("b", 2, "running"))
            ],
            "store.sample": [
                {
                    "content_id": number,
                    "activity_id": key,
                    "recorded_at": clock(minute),
                    "latitude_deg": lat,
                    "longitude_deg": lon,
                }
                for number, key, minute, lat, lon in (
                    (1, "a", 0, 47.0, 8.0),
                    (1, "a", 1, 47.0, 8.0),
                    (1, "a", 2, 47.2, 8.4),
                    (1, "a", 3, None, None),
                    (2, "b", 0, None, None),
                )
            ],
        },
        table("activity_id latitude_deg longitude_deg", ("a", 47.1, 8.2)),
    ),
    Case(
        "pair_trace",
        "only recordings of a pair are compared, and no plain copies",
        {
            "recording_pair": table("one other is_plain", ("a", "b", False), ("a", "c", True)),
            "running": running(("a", 0, 60), ("b", 0, 60), ("c", 0, 60)),
            "store.sample": table(
                "content_id activity_id speed_mps",
                (1, "a", 3.0),
                (2, "b", 3.1),
                (3, "c", 2.0),
                recorded_at=clock(1),
            ),
        },
        table("activity_id speed_mps", ("a", 3.0), ("b", 3.1)),
    ),
    link(
        "recordings at one time that agree in distance are one run",
        compared(),
        ("a", "b", 0, TIMED),
    ),
    link("recordings of one time in two places are two runs", compared(apart_m=501.0)),
    link(
        "recordings of one time in one place are one run",
        compared(apart_m=499.0),
        ("a", "b", 0, TIMED),
    ),
    link(
        "recordings that are alike once a clock is set are one run in one place",
        compared(shift_s=3600.0, agreement=0.9, apart_m=20.0),
        ("a", "b", 3600, WHOLE),
    ),
    link(
        "recordings that are alike once a clock is set are two runs of two hearts",
        compared(shift_s=3600.0, agreement=0.9, heart_agreement=0.5),
    ),
    link(
        "recordings that are alike once a clock is set are one run of one heart",
        compared(shift_s=3600.0, agreement=0.9, heart_agreement=0.7),
        ("a", "b", 3600, WHOLE),
    ),
    link(
        "recordings that are alike once a clock is set are two runs beside each other",
        compared(shift_s=3600.0, agreement=0.9, apart_m=60.0),
    ),
    link(
        "recordings without a distance are one run by their time",
        compared(other_m=None),
        ("a", "b", 0, TIMED),
    ),
    link("a distance 20 % off is another run", compared(other_m=8000.0)),
    link(
        "a treadmill's distance 10 % off is the same run where both run alike",
        compared(other_m=9000.0, agreement=0.9),
        ("a", "b", 0, TIMED),
    ),
    link("… and another where they do not", compared(other_m=9000.0, agreement=0.5)),
    link(
        "over a short run 50 m are no difference",
        compared(one_m=200.0, other_m=160.0),
        ("a", "b", 0, TIMED),
    ),
    link(
        "a pod's clock that is off by seconds is set",
        compared(agreement=0.9, lag_s=12.0),
        ("a", "b", 12, TIMED),
    ),
    link(
        "an hour off and running alike is one run",
        compared(shift_s=-3600.0, agreement=0.97),
        ("a", "b", -3600, WHOLE),
    ),
    link("an hour later and not alike is another run", compared(shift_s=-3600.0, agreement=0.5)),
    link("an hour later with nothing to compare is another run", compared(shift_s=-3600.0)),
    Case(
        "run_link",
        "of two shifts the one stands at which the traces agree",
        {
            "recording_pair": table(
                "shift_s", (0.0,), (3600.0,), one="a", other="b", overlap_share=0.9
            ),
            "pair_agreement": table(
                "shift_s agreement", (0.0, 0.2), (3600.0, 0.99), one="a", other="b", lag_s=0.0
            ),
        },
        table("one other clock_shift_s", ("a", "b", 3600)),
    ),
    Case(
        "run_link",
        "what a person declares is one run, wherever its clock was",
        {
            "declared_recording": table("activity_id", ("a",), ("b",), rule="same", entry=0),
            "running": running(("a", 0, 60), ("b", 500, 560)),
        },
        table("one other clock_shift_s matched_by", ("a", "b", -30_000, HAND)),
    ),
    named("a recording goes by its key", "a", "a"),
    named("by its file's place", "watch/a.fit", "a"),
    named("by its file's name alone", "a.fit", "a"),
    named("by a packed file's own name, in an archive too", "activities/7.fit.gz", "b"),
    named("a name that means nothing stays, without a recording", "b.fit", None),
    named("another sport is no run", "ride", None),
    Case(
        "run_match",
        "a run is named after athlete and second, whoever else joins; two of one second differ",
        {
            "running": running(("a", 0, 60), ("b", 0, 60), ("c", 0, 60)),
            "run_group": table(
                "activity_id keeper_id clock_shift_s",
                ("a", "a", 0.0),
                ("b", "a", 3600.0),
                ("c", "c", 0.0),
            ),
        },
        table(
            "activity_id run_id clock_shift_s",
            ("a", RUN_A, 0),
            ("b", RUN_A, 3600),
            ("c", RUN_C, 0),
        ),
    ),
    Case(
        "run_member",
        "a recording knows how many its run has, and whether a strap told the heart rate",
        {
            "run_match": table("activity_id", ("a",), ("b",), run_id="r", clock_shift_s=0.0),
            "running": running(("a", 0, 60), ("b", 0, 60), manufacturer="Garmin", device="FR965"),
            "store.device": table(
                "content_id activity_id device_type serial",
                (1, "a", "heart_rate", None),
                (2, "b", "heart_rate", "551"),
            ),
        },
        table(
            "activity_id n_sources has_strap named",
            ("a", 2, False, "garmin fr965 none"),
            ("b", 2, True, "garmin fr965 none"),
        ),
    ),
    choice(
        "each channel comes from the kind of source that is best for it",
        [
            member("a", dynamics_source="watch", dynamics_kind="watch"),
            member("b", dynamics_source="Stryd app", dynamics_kind="pod", has_strap=True),
            member("c", source_kind="track"),
        ],
        [
            *known("a", 9, stance_time_ms=250.0, heart_rate_bpm=140.0, latitude_deg=47.0),
            *known("b", 9, stance_time_ms=240.0, heart_rate_bpm=141.0),
            *known("c", 9, latitude_deg=47.1),
        ],
        ("dynamics", "b", "measures"),
        ("heart_rate", "b", "hears"),
        ("position", "a", "antenna"),
    ),
    choice(
        "a pod that knows the form for under half the time does not give it",
        [
            member("a", dynamics_source="watch", dynamics_kind="watch"),
            member("b", dynamics_source="Stryd app", dynamics_kind="pod"),
        ],
        [*known("a", 9, stance_time_ms=250.0), *known("b", 4, stance_time_ms=240.0)],
        ("dynamics", "a", "computes"),
    ),
    choice(
        "half a track gives no position, however good its antenna; half a pod gives form",
        [
            member("a", dynamics_source="Stryd app", dynamics_kind="pod"),
            member("b", source_kind="track", dynamics_source="watch", dynamics_kind="watch"),
        ],
        [
            *known("a", 5, latitude_deg=47.0, stance_time_ms=240.0),
            *known("b", 9, latitude_deg=47.1, stance_time_ms=250.0),
        ],
        ("dynamics", "a", "measures"),
        ("position", "b", "pocket"),
    ),
    choice(
        "a person's own word, a part of a device's name, goes first",
        [member("a", has_strap=True, named="garmin fr965"), member("b", named="polar verity")],
        [*known("a", 9, heart_rate_bpm=140.0), *known("b", 9, heart_rate_bpm=141.0)],
        ("heart_rate", "b", "own"),
        sources=[
            *SOURCES,
            {"channel_group": "heart_rate", "word": "verity", "place": -1, "reason": "own"},
        ],
    ),
    choice(
        "a run of one recording has nothing to choose",
        [member("a", n_sources=1)],
        known("a", 9, heart_rate_bpm=140.0),
    ),
    Case(
        "run_recording",
        "the timeline is that of the recording with the dynamics, where it covers the run",
        {
            "run_member": [member("a"), member("b", dynamics_source="Stryd app", n_records=9)],
            "channel_choice": table(
                "channel_group activity_id", ("dynamics", "b"), ("position", "a"), run_id="r"
            ),
            "running": running(("a", 0, 60), ("b", 0, 60)),
        },
        table("run_id activity_id n_sources borrowed", ("r", "b", 2, "['position']")),
    ),
    Case(
        "run_recording",
        "one that covers half of the run lends its dynamics and keeps no timeline",
        {
            "run_member": [
                member("a", sensor_epoch="garmin fr965 1"),
                member("b", dynamics_source="Stryd app", ended_at=clock(30)),
            ],
            "channel_choice": [{"run_id": "r", "channel_group": "dynamics", "activity_id": "b"}],
            "running": running(
                ("b", 0, 30), dynamics_source="Stryd app", manufacturer="stryd", serial="77"
            ),
        },
        table(
            "activity_id borrowed sensor_epoch",
            ("a", "['dynamics']", "unknown a + Stryd app of stryd 77"),
        ),
    ),
    Case(
        "run_recording",
        "of equal ones a watch's own file goes before a copy, then the fullest",
        {
            "run_member": [
                member("a", serial=None, n_records=9000),
                member("b", n_records=300),
                member("c", n_records=301),
            ],
        },
        table("run_id activity_id", ("r", "c")),
    ),
    borrowing(
        "lent values stand at their instant once the clock is set; the own ones are left out",
        [
            *known("a", 3, speed_mps=3.0, heart_rate_bpm=99.0, stance_time_ms=999.0),
            *(
                instant("b", s - 3600, heart_rate_bpm=140.0 + s, stance_time_ms=250.0 + s)
                for s in range(2)
            ),
        ],
        (0, 3.0, 140, 250),
        (1, 3.0, 141, 251),
        (2, 3.0, 141, 251),
    ),
    borrowing(
        "a lent value is not held beyond five seconds",
        [
            instant("a", 4, speed_mps=3.0, heart_rate_bpm=99.0),
            instant("a", 7, speed_mps=3.0, heart_rate_bpm=99.0),
            instant("b", -3600 + 0, heart_rate_bpm=140.0),
        ],
        (4, 3.0, 140, None),
        (7, 3.0, None, None),
    ),
    Case(
        "run_source",
        "every recording of a run stands with what joined it",
        {
            "run_member": [member("a"), member("b", clock_shift_s=3600.0, source_kind="copy")],
            "run_recording": [{"run_id": "r", "activity_id": "a"}],
            "run_match": table("activity_id matched_by", ("a", None), ("b", WHOLE)),
            "run_link": [{"one": "a", "other": "b", "agreement": 0.9}],
        },
        table(
            "activity_id source_kind is_timeline clock_shift_s matched_by agreement",
            ("a", "watch", True, 0, None, 0.9),
            ("b", "copy", False, 3600, WHOLE, 0.9),
        ),
    ),
    Case(
        "run_channel",
        "a chosen channel says whether it is borrowed",
        {
            "channel_choice": table(
                "channel_group activity_id", ("speed", "a"), ("dynamics", "b"), run_id="r"
            ),
            "run_recording": [{"run_id": "r", "activity_id": "a"}],
        },
        table(
            "channel_group activity_id is_borrowed", ("speed", "a", False), ("dynamics", "b", True)
        ),
    ),
    Case(
        "recording_sample",
        "the instants of every recording of a run of several stay, by their own clocks",
        {
            "run_member": [member("a"), member("b"), member("c", run_id="s", n_sources=1)],
            "store.sample": [instant("a", 0), instant("b", 1), instant("c", 2)],
        },
        table("run_id activity_id elapsed_s", ("r", "a", 0), ("r", "b", 1)),
    ),
    Case(
        "run_issue",
        "a doubt is told with the way to settle it, unless it was settled",
        {
            "running": running(("a", 0, 60), ("b", 0, 60), ("c", 0, 60)),
            "placed_content": table(
                "content_id place", (1, "a.fit"), (2, "b.fit"), (3, "c.fit"), athlete_id="me"
            ),
            "recording_pair": table(
                "one other shift_s", ("a", "b", 0.0), ("a", "c", 0.0), ("b", "c", 3600.0)
            ),
            "pair_agreement": table(
                "one other shift_s one_m other_m agreement",
                ("a", "b", 0.0, 10_000.0, 8000.0, None),
                ("a", "c", 0.0, 10_000.0, 8000.0, None),
                ("b", "c", 3600.0, 8000.0, 8000.0, 0.3),
            ),
            "run_match": table("activity_id run_id", ("a", "r"), ("b", "s"), ("c", "t")),
            "declared_recording": table(
                "activity_id", ("a",), ("c",), rule="never_same", entry=0, name="x"
            ),
        },
        table("severity subject athlete_id", ("info", "a.fit", "me")),
    ),
    Case(
        "run_issue",
        "a clock that was set by whole hours is told, and so is a name that means nothing",
        {
            "running": running(("a", 0, 60), ("b", 60, 120)),
            "placed_content": table("content_id place", (1, "a.fit"), (2, "b.fit")),
            "run_match": table(
                "activity_id keeper_id clock_shift_s matched_by",
                ("a", "a", 0.0, None),
                ("b", "a", -3600.0, WHOLE),
                run_id="r",
            ),
            "declared_recording": [{"rule": "same", "entry": 0, "name": "x.fit"}],
        },
        table("severity subject", ("info", "b.fit"), ("warning", "carryover.toml")),
    ),
    Case(
        "run_issue",
        "a preference for a device that nobody has is told; kinds of sources need no device",
        {
            "channel_source": table(
                "word place",
                ("polar", 0),
                ("strap", -1),
                ("garmin", -2),
                ("watch", 2),
                ("strap", 1),
                channel_group="heart_rate",
            ),
            "run_member": [member("a", named="garmin fr965")],
        },
        [{"what": "[prefer] names polar for heart_rate, but no recording is of that name"}],
    ),
    Case(
        "run_ground",
        "of a lent way only what lies within the run counts",
        {"run_borrowed": table("run_id distance_m", ("r", 120.0), ("r", None), ("r", 900.0))},
        table("run_id distance_m", ("r", 780.0)),
    ),
    Case(
        "provenance",
        "the tables bear the mark of what they were made from",
        {"built_from": [{"made_from": "a1"}]},
        table("made_from", ("a1",)),
    ),
]
