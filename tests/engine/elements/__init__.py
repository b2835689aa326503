"""One small drawing for each kind of element, and what happens in it."""
