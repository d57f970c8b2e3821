"""carryover: whether glute work carries over to the run."""

import os

__version__ = "0.1.0"

# Matrices and frames here are small: threads would cost more than they give (five times the time of
# ten years' statistics), and how many there are would show in the last digits of sums, which are to
# be the same on every machine. Who sets them otherwise is heard.
for name in (
    "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS",
):  # fmt: skip
    os.environ.setdefault(name, "1")
