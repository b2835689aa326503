"""What is wrong in a draft, in words and at its place."""
