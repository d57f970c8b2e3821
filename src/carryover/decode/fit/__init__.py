"""FIT files as columns: a vectorised reader of whole batches."""
