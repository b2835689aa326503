"""Cases: life cycle and steps."""
