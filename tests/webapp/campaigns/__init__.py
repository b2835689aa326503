"""Tests of the campaigns slice."""
