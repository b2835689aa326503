"""Definitions: reading, checking, publishing."""
