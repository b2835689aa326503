"""The studio: processes and their versions, and what becomes of running cases when one changes."""
