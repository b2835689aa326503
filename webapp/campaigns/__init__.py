"""Marketing: segments of the customer base, campaigns, whom they reached and what came of it."""
