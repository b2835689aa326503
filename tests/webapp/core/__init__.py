"""Tests of what carries every slice."""
