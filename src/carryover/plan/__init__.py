"""A block plan: weeks with and without strength work, laid out beforehand."""
