"""What slices share when they build pages: forms of steps, phones, money."""
