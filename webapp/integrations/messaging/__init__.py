"""Messages to people outside: mail now, other channels behind the same port."""
