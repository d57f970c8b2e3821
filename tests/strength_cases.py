"""Strength files as people really have them, sloppy and hostile: bytes → sets, or what is said."""

from __future__ import annotations

from dataclasses import dataclass, field

HEVY = (
    '"title","start_time","end_time","description","exercise_title","superset_id",'
    '"exercise_notes","set_index","set_type","weight_kg","reps","distance_km","duration_seconds",'
    '"rpe"'
)
STRONG_IOS = (
    "Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,"
    "Workout Notes,RPE"
)
STRONG_ANDROID = (
    "Date;Workout Name;Exercise Name;Set Order;Weight;Weight Unit;Reps;RPE;Distance;Distance Unit;"
    "Seconds;Notes;Workout Notes;Workout Duration"
)
STRONG_6 = (
    "Workout #;Date;Workout Name;Duration (sec);Exercise Name;Set Order;Weight (kg);Reps;RPE;"
    "Distance (meters);Seconds;Notes;Workout Notes"
)
OWN = "date,time,exercise,sets,reps,weight_kg,side,rpe,duration_min,kind,notes"
H = '"Legs","22 Dec 2025, 08:00","22 Dec 2025, 08:37","","Squat (Barbell)",,"",0,"normal",60,8,,,'
I = '2024-05-06 18:30:00,"Legs",45m,"Squat (Barbell)",1,60.0,8,0,0,"","",'  # noqa: E741
A = '2024-05-06 18:30:00;"Legs";"Squat (Barbell)";1;60,5;kg;8;;0;km;0;"";"";45m'
S = '12;2024-05-06 18:30:00;"Legs";2700;"Squat (Barbell)";1;60,5;8;;0;0;"";""'
LB = 0.45359237


@dataclass(frozen=True)
class File:
    """One file: `sets` as (reps, kg) in order; `said` are parts of what a person is told.

    `starts` are UTC, `seconds` the sessions' lengths; None is not asked. `fault` is set where the
    whole file is refused.
    """

    law: str
    content: bytes
    sets: list = field(default_factory=list)
    said: tuple = ()
    unit: str | None = None
    starts: list | None = None
    seconds: list | None = None
    exercises: list | None = None
    warmups: list | None = None
    durations: list | None = None
    notes: list | None = None
    fault: str | None = None
    quiet: bool = True
    """Whether nothing else than `said` is told."""

    def __str__(self):
        return self.law


def text(*lines, end="\n", encoding="utf-8"):
    return (end.join(lines) + end).encode(encoding)


def hevy(law, *lines, header=HEVY, **expected):
    return File(f"Hevy: {law}", text(header, *lines), **expected)


def ios(law, *lines, header=STRONG_IOS, **expected):
    return File(f"Strong: {law}", text(header, *lines), **expected)


def android(law, *lines, header=STRONG_ANDROID, **expected):
    return File(f"Strong: {law}", text(header, *lines), **expected)


def own(law, *lines, header=OWN, **expected):
    return File(f"own log: {law}", text(header, *lines), **expected)


NO_UNIT = ("have no unit", "weight_unit")
CASES = [
    # --- Hevy
    hevy("a row is a set, a workout a session", H, H.replace(",0,", ",1,"), sets=[(8, 60)] * 2,
         starts=["2025-12-22T07:00"], seconds=[2220], exercises=["squat"] * 2,
         warmups=[False] * 2, durations=[None] * 2),
    hevy("pounds are converted by the column's name", H.replace(",60,", ",135,"),
         header=HEVY.replace("weight_kg", "weight_lbs").replace("_km", "_miles"),
         sets=[(8, 135 * LB)]),
    hevy("the column's unit stands, whatever the configuration says", H, unit="lb",
         sets=[(8, 60)]),
    hevy("an empty weight is null, a written 0 is 0", H.replace(",60,", ",,"),
         H.replace(",60,", ",0,"), sets=[(8, None), (8, 0)]),
    hevy("no repetitions and 0 are null, a held time counts", H.replace(",60,8,,,", ",,,,45,"),
         H.replace(",60,8,,,", ",,0,,0,"), sets=[(None, None)] * 2, durations=[45, None]),
    hevy("warm-ups are marked, failure and drop sets are work",
         *[H.replace("normal", t) for t in ("warmup", "failure", "dropset")], sets=[(8, 60)] * 3,
         warmups=[True, False, False]),
    hevy("a kind of set that is new is work, and told", H.replace("normal", "myoreps"),
         sets=[(8, 60)], said=("'myoreps'",)),
    hevy("German months in full", H.replace("22 Dec 2025", "25 Juli 2026"), sets=[(8, 60)],
         starts=["2026-07-25T06:00"]),
    hevy("French months with a dot", H.replace("22 Dec 2025", "25 juil. 2026"), sets=[(8, 60)],
         starts=["2026-07-25T06:00"]),
    hevy("Spanish dates with de", H.replace("22 Dec 2025", "25 de julio de 2026"),
         sets=[(8, 60)], starts=["2026-07-25T06:00"]),
    hevy("Russian months and year mark", H.replace("22 Dec 2025", "25 июля 2026 г."),
         sets=[(8, 60)], starts=["2026-07-25T06:00"]),
    hevy("American dates and twelve hours", H.replace("22 Dec 2025, 08:37", "Jul 25, 2026, 1:07 PM")
         .replace("22 Dec 2025, 08:00", "Jul 25, 2026, 12:30 PM"), sets=[(8, 60)],
         starts=["2026-07-25T10:30"], seconds=[2220]),
    hevy("dates in numbers, year first", H.replace("22 Dec 2025, 08", "2026-07-25 08"),
         sets=[(8, 60)], starts=["2026-07-25T06:00"]),
    hevy("dates in numbers, day first with dots", H.replace("22 Dec 2025", "25.07.2026"),
         sets=[(8, 60)], starts=["2026-07-25T06:00"]),
    hevy("a date that reads two ways is not guessed", H.replace("22 Dec 2025", "05/06/2026"), H,
         sets=[(8, 60)], said=("may begin with the day or with the month", "language")),
    hevy("a month in an unknown language is named", H.replace("Dec", "Joulu"), H, sets=[(8, 60)],
         said=("a month in a language", "English")),
    hevy("a day that is none", H.replace("22 Dec", "31 Feb"), H, sets=[(8, 60)],
         said=("no day of the calendar",)),
    hevy("an hour that is none", H.replace("08:00", "25:00"), H, sets=[(8, 60)],
         said=("no time of day",)),
    hevy("a clock that was never set", H.replace("22 Dec 2025", "1 Jan 1970"), H, sets=[(8, 60)],
         said=("outside 2000",)),
    hevy("quotes, commas and line breaks in notes",
         H.replace('"","Squat', '"said ""deep"", felt\nlight, fast","Squat'),
         H.replace("Dec", "Nov"),
         sets=[(8, 60)] * 2, notes=[None, 'said "deep", felt light, fast']),
    hevy("a quote that never closes costs its own line", H.replace('"Legs"', '"Legs', 1), H, H,
         sets=[(8, 60)] * 2, said=("line 2 is left out, its quotes do not pair up",)),
    hevy("a cell too many", H + ",9", H, sets=[(8, 60)], said=("15 cells under 14 columns",)),
    hevy("trailing cells may be missing", H.removesuffix(",,,"), H, sets=[(8, 60)] * 2),
    hevy("negative repetitions", H.replace(",60,8,", ",60,-8,"), H, sets=[(8, 60)],
         said=("outside 0 to 1000",)),
    hevy("a weight in words", H.replace(",60,8,", ",sixty,8,"), H, sets=[(8, 60)],
         said=("weight_kg 'sixty' is no number",)),
    hevy("a decimal comma in quotes", H.replace(",60,8,", ',"62,5",8,'), sets=[(8, 62.5)]),
    hevy("a comma that may part thousands is not guessed", H.replace(",60,8,", ',"1,250",8,'), H,
         sets=[(8, 60)], said=("thousands or decimals",)),
    hevy("an effort in words costs the value alone", H + "hard", sets=[(8, 60)],
         said=("1 values of rpe are left out",)),
    hevy("no exercise", H.replace("Squat (Barbell)", ""), H, sets=[(8, 60)],
         said=("exercise_title is empty",)),
    hevy("an end before the start has no length", H.replace("08:37", "07:37"), sets=[(8, 60)],
         seconds=[None], said=("its length is left out",)),
    hevy("a timer that nobody stopped has no length",
         H.replace("22 Dec 2025, 08:37", "23 Dec 2025, 08:37"),
         sets=[(8, 60)], seconds=[None], said=("24.6 h",)),
    hevy("two workouts that start together stay two", H, H.replace("Legs", "Arms"),
         sets=[(8, 60)] * 2, starts=["2025-12-22T07:00"] * 2),
    hevy("an exercise that nobody knows keeps its set",
         H.replace("Squat (Barbell)", "Wobble Nonsense"),
         sets=[(8, 60)], exercises=[None], said=("'Wobble Nonsense' is not in the catalogue",)),
    hevy("a column that is new is left out and told", H + ",7", header=HEVY + ',"mood"',
         sets=[(8, 60)], said=("mood",)),
    hevy("the hour that spring skips", H.replace("22 Dec 2025, 08:00", "29 Mar 2026, 02:30")
         .replace("22 Dec 2025, 08:37", "29 Mar 2026, 04:07"), sets=[(8, 60)],
         starts=["2026-03-29T01:30"], said=("does not exist",)),
    hevy("only a header is nothing", said=()),
    File("Hevy: semicolons of a spreadsheet, decimal commas", text(
        HEVY.replace(",", ";"), H.replace(", 0", "§").replace(",", ";").replace("§", ", 0")
        .replace(";60;", ";62,5;")), sets=[(8, 62.5)], starts=["2025-12-22T07:00"]),
    File("Hevy: a byte order mark and Windows line ends",
         b"\xef\xbb\xbf" + text(HEVY, H, end="\r\n"), sets=[(8, 60)]),
    File("Hevy: UTF-16 of a spreadsheet", text(HEVY, H, encoding="utf-16"), sets=[(8, 60)]),
    File("Hevy: cut off in the last line", text(HEVY, H, H)[:-30], sets=[(8, 60)],
         said=("line 3 is left out, the file is cut off in it",)),
    File("Hevy: cut off in a note", text(HEVY, H, H)[:-60], sets=[(8, 60)],
         said=("line 3 is left out, the file is cut off in it",)),
    File("Hevy: without the reps it is no export that we know",
         text(HEVY.replace('"reps"', '"wiederholungen"'), H), fault="reps cannot be told among"),
    # --- Strong
    ios("without a unit weights are null, and asked for once", I, I, sets=[(8, None)] * 2,
        starts=["2024-05-06T16:30"], seconds=[2700], said=NO_UNIT),
    ios("kilograms by the configuration", I, sets=[(8, 60)], unit="kg"),
    ios("pounds by the configuration", I, sets=[(8, 60 * LB)], unit="lb"),
    ios("a weight of 0 is none and asks for no unit", I.replace("60.0", "0.0"), sets=[(8, None)]),
    ios("warm-up, drop set, failure", *[I.replace(",1,", f",{t},") for t in "WDF"], unit="kg",
        sets=[(8, 60)] * 3, warmups=[True, False, False]),
    ios("rest timers and notes are no sets; a note's words are kept",
        I, I.replace(",1,60.0,8,0,0,", ",Rest Timer,0,0,0,90,"),
        I.replace(',1,60.0,8,0,0,""', ',Note,0,0,0,0,"knees out"'), unit="kg", sets=[(8, 60)],
        notes=["knees out"], said=("2 rows are rest timers or notes",)),
    ios("seconds are a held set", I.replace(",60.0,8,0,0,", ",0,0,0,60,"), sets=[(None, None)],
        durations=[60]),
    ios("twelve hours with a narrow space", I.replace("18:30:00", "6:30:00\u202fPM"), unit="kg",
        sets=[(8, 60)], starts=["2024-05-06T16:30"]),
    ios("a date without a time is a day", I.replace(" 18:30:00", ""), unit="kg", sets=[(8, 60)],
        starts=["2024-05-06T10:00"]),
    *[ios(f"a length of {told}", I.replace("45m", told), unit="kg", sets=[(8, 60)],
          seconds=[seconds])
      for told, seconds in [("1h 5m", 3900), ("1:05:00", 3900), ("3900", 3900), ("1h", 3600),
                            ("62m", 3720), ("1h 5m 30s", 3930), ("1 Std. 5 Min.", 3900)]],
    ios("a length in riddles costs the value alone", I.replace("45m", "long"), unit="kg",
        sets=[(8, 60)], seconds=[None], said=("1 values of duration are left out",)),
    android("units beside the weight, decimal commas", A, A.replace("kg", "lbs"),
            sets=[(8, 60.5), (8, 60.5 * LB)], seconds=[2700]),
    android("a unit beside the weight goes before the configuration", A, unit="lb",
            sets=[(8, 60.5)]),
    android("a unit that is neither is not guessed", A.replace("kg", "stone"), A,
            sets=[(8, 60.5)], said=("neither kg nor lbs",)),
    android("a unit that is empty is asked for", A.replace(";kg;", ";;"), A,
            sets=[(8, None), (8, 60.5)], said=NO_UNIT),
    android("weights with the unit in the heading", A.replace("60,5;kg", "132,3"),
            header=STRONG_ANDROID.replace("Weight;Weight Unit", "Weight (lbs)"),
            sets=[(8, 132.3 * LB)]),
    android("a heading with a unit that is neither", A.replace(";kg", ""),
            header=STRONG_ANDROID.replace("Weight;Weight Unit", "Weight (st)"),
            fault="unit of 'Weight (st)' is not known"),
    android("the sixth version", S, S.replace(";1;60,5;8;;0;0;", ";Rest Timer;;;;;90;"),
            header=STRONG_6, sets=[(8, 60.5)], seconds=[2700], said=("rest timers",)),
    android("tabs", A.replace(";", "\t"), header=STRONG_ANDROID.replace(";", "\t"),
            sets=[(8, 60.5)]),
    android("Excel's first line", A, header="sep=;\n" + STRONG_ANDROID, sets=[(8, 60.5)]),
    android("two columns that mean one thing", A,
            header=STRONG_ANDROID.replace("Notes;", "Reps;", 1),
            fault="two columns mean reps"),
    android("a column that is needed has another name", A,
            header=STRONG_ANDROID.replace("Set Order", "No."),
            fault="set_order cannot be told among its columns (Date, Workout Name"),
    File("Strong: German headings in Windows-1252", text(
        "Datum;Trainingsname;Dauer;Übungsname;Satzreihenfolge;Gewicht (kg);Wiederholungen;Notizen",
        "2024-05-06 18:30:00;Beine;45m;Kniebeuge;1;60,5;8;gut", encoding="cp1252"),
        sets=[(8, 60.5)], exercises=["squat"], notes=["gut"], said=("Windows-1252",)),
    File("Strong: headings in a language that is not known are listed", text(
        "日付;ワークアウト名;エクササイズ名;セット順;重量;回数",
        "2024-05-06 18:30:00;脚;スクワット;1;60;8"), fault="columns 日付, ワークアウト名"),
    # --- own log
    own("every kind of slip costs its own line", "2026-13-01,,squat,1,8,,,,,,",
        "2026-01-01,25:00,squat,1,8,,,,,,", "2026-01-01,,squat,1,-8,,,,,,",
        "2026-01-01,,squat,1,8,12,5,,,,,", "2026-01-01,,squat,1,8,,lefft,,,,",
        "2026-01-01,,squat,1,8,60,,,,,", sets=[(8, 60)],
        said=("no day of the calendar", "no time of day", "outside 1 to 1000",
              "12 cells under 11 columns", "side 'lefft'")),
    own("two weights", "2026-01-01,squat,8,60,130", "2026-01-01,squat,8,60,",
        header="date,exercise,reps,weight_kg,weight_lb", sets=[(8, 60)], said=("two weights",)),
    own("headings in another case", "2026-01-01,Squat,8", header="Date,Exercise,Reps",
        sets=[(8, None)]),
    own("tabs, spaces that do not break, decimal commas", "2026-01-01\tsquat\t8\t\u00a062,5",
        header="date\texercise\treps\tweight_kg", sets=[(8, 62.5)]),
    own("a slip in a name is forgiven", "2026-01-01,,bulgrian split sqat,1,8,,,,,,",
        sets=[(8, None)], exercises=["bulgarian_split_squat"]),
    # --- neither
    File("nothing at all", b"", fault="the file is empty"),
    File("a mark and nothing else", b"\xef\xbb\xbf", fault="neither FIT"),
    File("a table of something else", text("Activity ID,Activity Date,Distance", "1,2,3"),
         fault="a table with the columns Activity ID, Activity Date, Distance"),
    File("bytes that are no text", HEVY.encode() + b"\n" + "ä".encode() + b"\xff\xfe\n",
         fault="the text is not UTF-8"),
]  # fmt: skip
