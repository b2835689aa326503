"""Tests of webapp.customers."""
