"""Tests of webapp.aftersales."""
