"""Other engines on the same model with the same durability; installed only when they are measured."""
