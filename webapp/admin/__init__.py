"""Keeping the installation: backup, restore, checking, health."""
