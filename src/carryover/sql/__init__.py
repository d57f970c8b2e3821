"""SQL models: one file, one table."""
