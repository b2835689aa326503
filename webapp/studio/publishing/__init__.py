"""Publishing: what changes, what becomes of running cases, and back to any version."""
