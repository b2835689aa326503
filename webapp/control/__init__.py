"""The control board: where cases stand still, whose they are, and what a head does about it."""
