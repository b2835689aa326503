"""The guide for process owners, read beside the studio."""
