"""Tests of webapp.kit."""
