"""What the store holds of contents and recordings: for whoever wishes some forgotten."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Final

import polars as pl

from carryover.warehouse.connect import frame_of, open_database

CONTENTS: Final = """
    select distinct c.sha256 from content as c join activity as a using (content_id)
    where list_contains($names, a.activity_id) order by all
"""
NAMED: Final = """
    select distinct sha256 from (
      select place, sha256 from disk
      union all
      select d.place || m.inner_place, m.sha256
      from member as m join disk as d on d.sha256 = m.outer_sha256
    ) where list_contains($names, place) order by all
"""
PLACES: Final = """
    select d.place as place, '' as inner_place, d.sha256 from disk as d
    where list_contains($names, d.sha256)
    union
    select d.place, m.inner_place, m.sha256
    from member as m join disk as d on d.sha256 = m.outer_sha256
    where list_contains($names, m.sha256)
    order by all
"""
WITHIN: Final = """
    select distinct m.sha256 from member as m where list_contains($names, m.outer_sha256)
    order by all
"""
ACTIVITIES: Final = """
    select distinct c.sha256, a.activity_id, a.athlete_id, a.sport, a.started_at
    from activity as a join content as c using (content_id)
    where list_contains($names, c.sha256) order by all
"""
COUNTS: Final = """
    select
      (select count(*) from strength_session join content using (content_id)
       where list_contains($names, sha256)) as n_sessions,
      (select count(*) from strength_set join content using (content_id)
       where list_contains($names, sha256)) as n_sets,
      (select count(*) from wellness join content using (content_id)
       where list_contains($names, sha256)) as n_wellness,
      (select count(*) from screening join content using (content_id)
       where list_contains($names, sha256)) as n_screening
"""


def asked(store: Path, query: str, names: Collection[str]) -> pl.DataFrame:
    """Return the rows of one of the queries above for these names; no writer may be at it."""
    with open_database(store, read_only=True) as connection:
        return frame_of(connection, query, {"names": sorted(names)})


def on_disk(store: Path) -> list[tuple[str, str]]:
    """Return place and hash of every file that the ledger knows on disk."""
    with open_database(store, read_only=True) as connection:
        return connection.execute("select place, sha256 from disk order by all").fetchall()
