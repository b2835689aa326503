"""Faults: what the product promises, tried while processes die, disks fill up and clocks jump."""
