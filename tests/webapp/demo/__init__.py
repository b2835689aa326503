"""Tests of the demo dealer."""
