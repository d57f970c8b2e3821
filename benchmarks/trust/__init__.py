"""Trials of trust: kill it, starve it, feed it rubbish, watch its network."""
