"""Migration: running cases go over to another version."""
