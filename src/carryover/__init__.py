"""carryover: whether glute work carries over to the run."""

__version__ = "0.1.0"
