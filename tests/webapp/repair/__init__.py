"""Tests of the repair slice."""
