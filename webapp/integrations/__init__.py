"""Systems outside: each with its port, a fake, and the adapters."""
