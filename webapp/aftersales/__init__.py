"""After sales: the workshop, its visits and who may have which hour of it."""
