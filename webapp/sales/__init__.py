"""Sales: worksheets, the visits agreed for them, and what came of it."""
