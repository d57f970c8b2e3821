"""Many athletes, each a piece of work for itself: on this machine or on an engine that is there."""
