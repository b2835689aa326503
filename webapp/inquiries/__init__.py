"""Inquiries: every call, visit, mail and web form that reaches the dealer."""
