"""What carries every slice."""
