"""What holds in each department: who draws, who approves, and which operations its drawings may use."""
