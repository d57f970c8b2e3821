"""Reading files in a process of its own: what hangs it, fills memory or breaks it is set aside."""
