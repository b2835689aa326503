"""What is done when a case does not go on as drawn: try again, pass over, move, cancel, restart, reopen, edit."""
