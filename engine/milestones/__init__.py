"""Milestones, episodes, and the funnel that is computed from them."""
