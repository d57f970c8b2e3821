"""Zones and positions: what is hidden contains what was wished, stays put, and is told nowhere."""

from __future__ import annotations

import os
import stat
from itertools import pairwise

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carryover import privacy
from carryover.errors import SettingsError
from carryover.home import Home
from carryover.privacy import arc_m, hidden, hidden_disc, is_stricter, moved, told
from carryover.settings import Privacy, Zone
from carryover.warehouse.models import macros

PLACES = st.tuples(
    st.floats(-90, 90) | st.sampled_from([-90.0, 90.0, 89.9999]),
    st.floats(-180, 180) | st.sampled_from([-180.0, 180.0, 179.9999]),
)
SECRETS = st.binary(min_size=32, max_size=32)
RADII = st.floats(20, 5000)
TURN = st.floats(0, 6.283)


@given(PLACES, RADII, SECRETS, TURN, st.floats(0, 1))
@settings(max_examples=300, deadline=None)
def test_a_disc_contains_its_zone_wholly(place, radius_m, secret, bearing, share):
    """Whatever lies in the wished circle lies in the hidden one, at poles and date line too."""
    zone = Zone(lat=place[0], lon=place[1], radius_m=radius_m)
    disc = hidden_disc(zone, secret)
    inside = moved(*place, bearing, share * radius_m)
    assert arc_m((disc.lat_deg, disc.lon_deg), inside) <= disc.radius_m
    off_m = arc_m((disc.lat_deg, disc.lon_deg), place)
    assert 0.49 * radius_m <= off_m <= 1.01 * radius_m, "nor is its middle the zone's"


@given(PLACES, st.floats(0, 20_000), TURN)
@settings(max_examples=200, deadline=None)
def test_a_place_moved_by_metres_is_so_far_away(place, metres, bearing):
    """Going so far and measuring the way are one another's proof."""
    assert arc_m(place, moved(*place, bearing, metres)) == pytest.approx(metres, abs=0.1)


@given(PLACES, RADII, SECRETS, st.lists(PLACES, min_size=1, max_size=6), TURN, st.floats(0, 3))
@settings(max_examples=60, deadline=None)
def test_sql_hides_what_the_sphere_says(place, radius_m, secret, others, bearing, share):
    """The query with its cheap first question hides exactly what the full formula hides."""
    wish = Privacy(zones=[Zone(lat=place[0], lon=place[1], radius_m=radius_m)])
    disc = hidden_disc(wish.zones[0], secret)
    near = moved(disc.lat_deg, disc.lon_deg, bearing, share * disc.radius_m)
    asked = [near, place, *others]
    with duckdb.connect() as connection:
        connection.execute(macros())
        connection.register("privacy", hidden(wish, secret))
        query = "select is_place_hidden(positions, discs, ?, ?) from privacy"
        found = [connection.execute(query, list(one)).fetchall()[0][0] for one in asked]
    for one, is_hidden in zip(asked, found, strict=True):
        off_m = arc_m((disc.lat_deg, disc.lon_deg), one) - disc.radius_m
        if abs(off_m) > 1e-3:
            assert is_hidden == (off_m < 0)


def test_a_disc_stays_where_it_is(tmp_path):
    """The secret is drawn once and is the owner's alone; a zone moved a little keeps its shift."""
    home, wish = Home(tmp_path), Privacy(zones=[Zone(lat=47.1234, lon=8.1234)])
    first = privacy.zone_secret(home, wish)
    assert privacy.zone_secret(home, wish) == first
    assert stat.S_IMODE((tmp_path / privacy.FILE_NAME).stat().st_mode) == 0o600
    zones = [Zone(lat=47.1234 + k * 1e-5, lon=8.1234, radius_m=300) for k in range(5)]
    middles = [hidden_disc(zone, first) for zone in zones]
    for one, other in pairwise(middles):
        assert arc_m(one[:2], other[:2]) < 2
    assert hidden_disc(zones[0], os.urandom(32)) != middles[0]


def test_without_zones_no_secret_is_drawn(tmp_path):
    """A home without zones gets no file that it has no use for."""
    assert privacy.zone_secret(Home(tmp_path), Privacy()) == b""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["", "abc", "Z" * 64, "ü" * 64])
def test_a_broken_secret_is_told_not_replaced(tmp_path, text):
    """Another secret would move every disc: a file that is none is a clear error."""
    (tmp_path / privacy.FILE_NAME).write_text(text, "utf-8")
    with pytest.raises(SettingsError, match="secret"):
        privacy.zone_secret(Home(tmp_path), Privacy(zones=[Zone(lat=1, lon=1)]))


def test_more_hidden_than_before_is_known():
    """A zone more, a wider one, positions off: stricter; fewer, narrower, the same: not."""
    near, wide, far = (
        Zone(lat=1, lon=1), Zone(lat=1, lon=1, radius_m=900), Zone(lat=5, lon=5)
    )  # fmt: skip
    none, one = Privacy(), Privacy(zones=[near])
    off = Privacy(positions=False)
    stricter = [(none, one), (one, Privacy(zones=[wide])), (one, Privacy(zones=[near, far])),
                (one, Privacy(zones=[far])), (one, off), (none, off)]  # fmt: skip
    for before, now in stricter:
        assert is_stricter(now, told(before))
        assert not is_stricter(before, told(now)) or now.zones == [far]
        assert not is_stricter(now, told(now))
    assert is_stricter(one, None)
    assert not is_stricter(none, None)
