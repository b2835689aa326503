"""Customers: who they are, how to reach them, and what was said to them."""
