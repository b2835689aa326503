"""Tests of webapp.vehicles."""
