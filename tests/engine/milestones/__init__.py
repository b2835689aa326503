"""Milestones: the fold of the log, the rows kept by the steps, and the funnel read from them."""
