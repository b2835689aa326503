"""What the application promises, slice by slice."""
