"""carryover: whether glute work carries over to the run."""

import os

__version__ = "0.1.0"

# The matrices here are small: threads would cost more than they give (five times the time of ten
# years' statistics), and how many there are would show in the last digits. Who sets them is heard.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")
