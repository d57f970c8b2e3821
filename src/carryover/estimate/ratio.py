"""Division in frames whose last digit does not depend on how many rows there are."""

from __future__ import annotations

import polars as pl


def ratio(above: pl.Expr, below: pl.Expr | float) -> pl.Expr:
    """Return `above` ÷ `below`, as a product with 1 ÷ `below`.

    polars divides a column by one number that way, and column by column otherwise; what is joined
    from a single row counts as one number. Runs worked out alone would differ from runs worked out
    together.
    """
    return above * (1.0 / below)
