"""Cases: the same page for every process, and what can be done on it."""
