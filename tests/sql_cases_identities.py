"""Cases of `run_identity`: two ways to one value, with published and made figures."""

from __future__ import annotations

from sql_harness import Case

MINUTES = 120
"""Seconds of steady running that a run needs."""


def instants(n=MINUTES, **values):
    """Return a run's steady instants, one a second."""
    return {"sample": [{"run_id": "r", "is_steady": True, "dt_s": 1.0} | values] * n}


def differs(identity, difference, holds, *, compared_s=MINUTES):
    """Return the one row that is expected."""
    return [
        {
            "run_id": "r",
            "identity": identity,
            "compared_s": compared_s,
            "difference": difference,
            "holds": holds,
        }
    ]


def moved(n=MINUTES + 1, **changes):
    """Return a run's instants by the second at 3 m/s; a change is a value or one of the second."""
    usual = {
        "run_id": "r",
        "elapsed_s": float,
        "dt_s": 1.0,
        "covered_s": 1.0,
        "is_running": True,
        "speed_mps": 3.0,
        "distance_m": lambda i: 3.0 * i,
    }
    cells = usual | changes
    return {"sample": [{k: v(i) if callable(v) else v for k, v in cells.items()} for i in range(n)]}


RECORD = {"cadence_spm": 2 * 83.0, "stance_time_ms": 291.0, "stance_time_percent": 40.0}
"""A published record (GoldenCheetah): 83 strides a minute, 291 ms, field 40 says 40.0 %."""
STEP = {"cadence_spm": 180.0, "speed_mps": 3.6, "step_length_mm": 1200.0}
"""3 steps of 1.2 m a second."""
RATIO = {"vertical_oscillation_mm": 96.0, "step_length_mm": 1200.0}
"""8 % of a step."""
SIDES = {
    "stance_time_ms": 250.0,
    "stance_time_left_ms": 255.0,
    "stance_time_right_ms": 245.0,
    "stance_time_balance_pct": 51.0,
}

CASES = [
    Case(
        "run_identity",
        "the published record has a duty factor of 40.25 %, a quarter of a point above its own",
        instants(**RECORD),
        differs("duty_factor", 0.255, True),
    ),
    Case(
        "run_identity",
        "strides left out of cadence (78 for 83) are seen in the duty factor",
        instants(**RECORD | {"cadence_spm": 156.0}),
        differs("duty_factor", 291 * 156 / 1200 - 40, False),
    ),
    Case(
        "run_identity",
        "speed is cadence times step length",
        instants(**STEP),
        differs("step_length", 0.0, True),
    ),
    Case(
        "run_identity",
        "a step that is 7 % short is told",
        instants(**STEP | {"step_length_mm": 1200 / 1.07}),
        differs("step_length", 0.07, False),
    ),
    Case(
        "run_identity",
        "a strap's vertical ratio may read a fifth of a point below oscillation over step length",
        instants(**RATIO | {"vertical_ratio_pct": 7.8}),
        differs("vertical_ratio", -0.2, True),
    ),
    Case(
        "run_identity",
        "oscillation in another unit is told",
        instants(**RATIO | {"vertical_ratio_pct": 0.8}),
        differs("vertical_ratio", -7.2, False),
    ),
    Case(
        "run_identity",
        "left and right are twice the contact time, and the left share is the balance",
        instants(**SIDES),
        [
            differs("balance_sides", 0.0, True)[0],
            differs("contact_sides", 0.0, True)[0],
        ],
    ),
    Case(
        "run_identity",
        "sides that are swapped, or longer than contact time, are told",
        instants(**SIDES | {"stance_time_left_ms": 250.0, "stance_time_right_ms": 260.0}),
        [
            differs("balance_sides", 100 * 250 / 510 - 51, False)[0],
            differs("contact_sides", 5.0, False)[0],
        ],
    ),
    Case(
        "run_identity",
        "below two minutes nothing is said of a run",
        instants(MINUTES - 1, **RECORD | {"stance_time_percent": 30.0}),
        differs("duty_factor", 10.255, None, compared_s=MINUTES - 1),
    ),
    Case(
        "run_identity",
        "walking, and instants that know one way only, are not compared",
        {
            "sample": [
                {"run_id": "r", "is_steady": False, "dt_s": 1.0} | RECORD,
                {"run_id": "r", "is_steady": True, "dt_s": 1.0, "cadence_spm": 170.0},
                {"run_id": "r", "is_steady": True, "dt_s": 1.0, "cadence_spm": 0.0} | SIDES,
            ]
            * MINUTES
        },
        [
            differs("balance_sides", 0.0, True)[0],
            differs("contact_sides", 0.0, True)[0],
        ],
    ),
    Case(
        "run_identity",
        "speeds add up to the distance",
        moved(),
        differs("speed_distance", 0.0, True),
    ),
    Case(
        "run_identity",
        "a pod that reads 8 % slow beside the distance of places is told",
        moved(speed_mps=2.76),
        differs("speed_distance", -0.08, False),
    ),
    Case(
        "run_identity",
        "a speed that rises evenly is none the less the distance: the mean of both ends counts",
        moved(
            elapsed_s=lambda i: 10.0 * i,
            covered_s=10.0,
            n=13,
            speed_mps=lambda i: 2.0 + 0.1 * i,
            distance_m=lambda i: 20.0 * i + 0.5 * i**2,
        ),
        differs("speed_distance", 0.0, True),
    ),
    Case(
        "run_identity",
        "walks, pauses, silences and instants without distance or speed are left out of both sums",
        moved(
            n=MINUTES + 7,
            # At 120 a pause of a minute, at 122 a silence of a minute, then a walk and two unknown.
            elapsed_s=lambda i: i + 60.0 * (i > MINUTES) + 60.0 * (i > MINUTES + 2),
            dt_s=lambda i: 0.0 if i == MINUTES else 5.0 if i == MINUTES + 2 else 1.0,
            covered_s=lambda i: 0.0 if i == MINUTES else 5.0 if i == MINUTES + 2 else 1.0,
            is_running=lambda i: i not in (MINUTES, MINUTES + 3),
            distance_m=lambda i: None if i == MINUTES + 4 else 3.0 * i + 900.0 * (i >= MINUTES),
            speed_mps=lambda i: None if i == MINUTES + 6 else 3.0,
        ),
        differs("speed_distance", 0.0, True),
    ),
    Case(
        "run_identity",
        "below two minutes of running nothing is said of speed and distance",
        moved(n=MINUTES, speed_mps=2.0),
        differs("speed_distance", -1 / 3, None, compared_s=MINUTES - 1),
    ),
]
