"""Pure statistics on polars frames: baseline, decay, origin, dose and the carry-over verdict."""
