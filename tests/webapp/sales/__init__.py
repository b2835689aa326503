"""Tests of webapp.sales."""
