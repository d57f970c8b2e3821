"""carryover: does glute work carry over to the run?"""

__version__ = "0.1.0"
