"""The only door to DuckDB: connect, load, build, audit, publish, read."""
