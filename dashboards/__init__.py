"""Page definitions (one file, one page), their questions in SQL, templates and style."""
