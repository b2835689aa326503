"""Tests of the control board."""
