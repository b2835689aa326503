"""The figures of steps and ways."""
