"""What things cost. `carryover` comes first: it says how many threads the libraries have."""

import carryover  # noqa: F401
