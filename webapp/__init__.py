"""Marshrut: the process-driven CRM of a car dealer."""
