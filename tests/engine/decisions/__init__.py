"""Tests of engine.decisions."""
