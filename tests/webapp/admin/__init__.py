"""Backup under load, restoring, refusals, checking: with the command line that people type."""
