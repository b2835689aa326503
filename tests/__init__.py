"""Tests mirror the packages; factories.py makes valid records."""
