"""The API slice."""
