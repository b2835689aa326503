"""Messages to people outside."""
