"""Failed steps, and cases that do not go on as drawn: why, and what somebody with the right to does about it."""
