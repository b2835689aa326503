"""What slices share when they build pages and records: forms of steps, phones, spellings of names, prompts."""
