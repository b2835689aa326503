"""Systems outside, each against a real counterpart."""
