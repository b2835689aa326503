"""The demo dealer: people, and weeks of work that the real engine went through in simulated time."""
