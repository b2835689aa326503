"""How long the steps of a process wait and take, which ways its cases go, and where they leave them."""
