"""Events: planned, decided, invited to, held, counted."""
