"""The studio: versions of processes and the cases on them."""
