"""The panel beside a drawing: its fields, what they are called, and its words."""
