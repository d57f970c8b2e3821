"""Several readers of one FIT file, held against one another, value by value."""
