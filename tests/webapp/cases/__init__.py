"""The cases slice."""
