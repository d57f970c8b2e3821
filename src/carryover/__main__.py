"""`python -m carryover` is `carryover`."""

from carryover.cli import main

if __name__ == "__main__":
    main()
