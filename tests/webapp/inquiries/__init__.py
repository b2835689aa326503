"""Tests of webapp.inquiries."""
