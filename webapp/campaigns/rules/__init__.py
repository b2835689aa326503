"""Rules of segments: a typed tree, what it may ask, and the one statement that answers it."""
