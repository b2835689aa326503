"""Measurements: ratios in one run, never absolute times of one machine."""
