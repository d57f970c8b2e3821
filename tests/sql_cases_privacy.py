"""Given → expected: where a position is known and hidden, no published column has it."""

from __future__ import annotations

from carryover.privacy import PLACE_NAME, PLACE_UNIT
from sql_harness import Case, table

WORDS = {"place_name": PLACE_NAME, "place_unit": PLACE_UNIT}
OFF = [{"positions": False, "discs": [], **WORDS}]


def discs(*places, radius_m=600.0):
    """Return the table `privacy` with discs around places."""
    told = [
        {"lat_deg": lat, "lon_deg": lon, "half_deg": radius_m / 111_194.9, "radius_m": radius_m}
        for lat, lon in places
    ]
    return [{"positions": True, "discs": told, **WORDS}]


def instants(*places):
    return table(
        "elapsed_s latitude_deg longitude_deg",
        *((k, *place) for k, place in enumerate(places)),
        run_id="r",
    )


def stored(*places):
    rows = instants(*places)
    return [{k: v for k, v in row.items() if k != "run_id"} | {"activity_id": "a", "content_id": 1}
            for row in rows]  # fmt: skip


def shown(*rows):
    return table("elapsed_s latitude_deg longitude_deg place_hidden",
                 *((k, *row) for k, row in enumerate(rows)))  # fmt: skip


HOME = (47.0, 8.0)
WAY = ((47.0, 8.0), (47.00539, 8.0), (47.00541, 8.0), (47.0, 8.0078), (47.0, 8.0080), (None, None))
SEEN = shown(
    (None, None, True), (None, None, True), (47.00541, 8.0, False), (None, None, True),
    (47.0, 8.0080, False), (None, None, False),
)  # fmt: skip
MEMBER = [{"run_id": "r", "activity_id": "a", "content_id": 1, "n_sources": 2}]
FIELDS = table(
    "name units elapsed_s value",
    ("Latitude", "deg", [0.0], [47.0]), ("gps_lon", None, [0.0], [8.0]),
    ("Power", "W", [0.0], [1.0]),
    ("platform", None, [0.0], [2.0]),
    activity_id="a", content_id=1,
)  # fmt: skip
LISTED = table(
    "name units min_value first_text",
    ("lat", None, 47.0, None), ("where", "semicircles", 9.0, None), ("geohash", None, None, "u0m"),
    ("Slope", "%", 3.0, None),
    activity_id="a", content_id=1,
)  # fmt: skip
RECORDING = [{"activity_id": "a", "content_id": 1}]

CASES = [
    Case("sample", "what lies in a disc has no position, and says so; what lies beside it has",
         {"privacy": discs(HOME), "sample_gait": instants(*WAY)}, SEEN),
    Case("recording_sample", "a recording of several hides what the run hides",
         {"privacy": discs(HOME), "store.sample": stored(*WAY), "run_member": MEMBER}, SEEN),
    Case("sample", "without positions none is there, wherever it was",
         {"privacy": OFF, "sample_gait": instants((47.0, 8.0), (-33.0, 151.0))},
         shown((None, None, True), (None, None, True))),
    Case("recording_sample", "without positions no recording has one",
         {"privacy": OFF, "store.sample": stored((47.0, 8.0)), "run_member": MEMBER},
         shown((None, None, True))),
    Case("sample", "a disc on the date line hides what lies on its other side",
         {"privacy": discs((0.0, 179.999)),
          "sample_gait": instants((0.0, -179.999), (0.0, -179.98))},
         shown((None, None, True), (0.0, -179.98, False))),
    Case("sample", "a disc at the pole hides every longitude of it",
         {"privacy": discs((89.999, 0.0)),
          "sample_gait": instants((89.999, 180.0), (89.999, -91.0), (89.99, 0.0))},
         shown((None, None, True), (None, None, True), (89.99, 0.0, False))),
    Case("sample", "each of several discs hides",
         {"privacy": discs(HOME, (-33.0, 151.0)), "sample_gait": instants(HOME, (-33.0, 151.0))},
         shown((None, None, True), (None, None, True))),
    Case("sample", "a place is told to a centimetre, whatever digits it was worked out with",
         {"sample_gait": instants((47.123456789, 8.000000049))},
         shown((47.1234568, 8.0, False))),
    Case("sample", "half a position is none",
         {"privacy": discs((1.0, 1.0)), "sample_gait": instants((47.0, None))},
         shown((None, None, True))),
    Case("developer_series", "an app's own field that speaks of a place is left out beside a zone",
         {"privacy": discs(HOME), "store.developer_series": FIELDS, "recording": RECORDING},
         table("name", ("Power",), ("platform",))),
    Case("developer_series", "without zones an app's own field is told whatever it speaks of",
         {"store.developer_series": FIELDS, "recording": RECORDING},
         table("name", ("Latitude",), ("gps_lon",), ("Power",), ("platform",))),
    Case("developer_field", "the values of a field that speaks of a place are null beside a zone",
         {"privacy": OFF, "store.developer_field": LISTED, "recording": RECORDING},
         table("name min_value first_text", ("lat", None, None), ("where", None, None),
               ("geohash", None, None), ("Slope", 3.0, None))),
]  # fmt: skip
