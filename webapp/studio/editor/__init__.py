"""The editor of drawings."""
