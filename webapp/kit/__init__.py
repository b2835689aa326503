"""What slices use: phones, spellings of names, choices of forms."""
