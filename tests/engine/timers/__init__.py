"""Tests of everything that happens at a time."""
