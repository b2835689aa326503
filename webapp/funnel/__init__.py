"""The funnel of every process that has milestones: bars, and the cases behind each figure."""
